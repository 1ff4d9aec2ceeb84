"""Use cases of declarations. Submitting and what patentees do: `submitting`; staff: `reviewing`; timers: `verifying`;
institutions, programmes and vouched imports: `office`; forgetting: `erasing`."""
