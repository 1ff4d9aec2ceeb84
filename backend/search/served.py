"""An index as it is read: the folder, the dictionary and the fields it was written with."""

from __future__ import annotations

from pathlib import Path

import tantivy

from backend.search.compiling import Compiler
from backend.search.everyday import everyday
from backend.search.fields import held_in
from backend.search.tokens import Tokenizer
from backend.search.wanted import Reader


class Served:
    """Looks at the commit file before each search and reloads when it changed."""

    def __init__(self, folder: Path, tokenizer: Tokenizer) -> None:
        self.folder, self.tokenizer = folder, tokenizer
        self.held = held_in(folder)
        self.index = tantivy.Index.open(str(folder))
        self.index.config_reader("manual", 0)
        self.reader = Reader(tokenizer, everyday())
        self.compiler = Compiler(self.index.schema, self.held, tokenizer)
        self._seen = (0, 0)

    def searcher(self) -> tantivy.Searcher:
        """Never older than what was committed before the call."""
        commit = (self.folder / "meta.json").stat()
        seen = (commit.st_mtime_ns, commit.st_ino)  # the clock of a file system is coarse; each commit is a new file
        if seen != self._seen:
            self.index.reload()
            self._seen = seen
        return self.index.searcher()
