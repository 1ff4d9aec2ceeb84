"""Documents of the office: one content per document, from which its docx, its PDF and its H5 review are drawn."""
