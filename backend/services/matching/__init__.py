"""Use cases of matching: companies, lists, labels, classes, grades, reference figures, price advice."""
