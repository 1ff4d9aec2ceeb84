"""What runs in the Python 3.10 environment beside Rasa 3.6.21. Nothing of the application is imported here."""
