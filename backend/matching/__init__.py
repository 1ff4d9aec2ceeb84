"""Company ↔ patent, classes, grades, price advice: arithmetic over what the services hand in. No SQL, no clock."""
