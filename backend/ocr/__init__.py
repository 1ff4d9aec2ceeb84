"""Certificate photo → fields, in a process of its own (docs/decisions/0014-ocr.md)."""
