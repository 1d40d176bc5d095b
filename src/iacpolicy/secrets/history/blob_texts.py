"""The texts of git blobs, read in the order of the history."""

from collections.abc import Sequence
from pathlib import Path

from iacpolicy.core.git_history import blobs

MAX_KEPT = 64_000_000
_ENCRYPTED = (b"\0GITCRYPT\0", b"age-encryption.org/")


class BlobTexts:
    """Reads the texts of blobs in the order of the history, and caches up to `MAX_KEPT` bytes of them."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self.root = root
        self.refused: dict[str, str] = {}
        self.read = 0
        self._kept: dict[str, str | None] = {}
        self._size = 0
        self._asked: set[str] = set()
        self._coming = blobs(root, names, self.refused.__setitem__)

    def text(self, name: str) -> str | None:
        """Return the text of a blob; None if it cannot be read or is no text."""
        if name in self._kept:
            return self._kept[name]
        if name in self.refused:
            return None
        if name not in self._asked:
            for found, data in self._coming:
                self._asked.add(found)
                text = self._keep(found, data)
                if found == name:
                    return text
            return None
        return next((self._keep(n, d) for n, d in blobs(self.root, [name], self.refused.__setitem__)), None)

    def _keep(self, name: str, data: bytes) -> str | None:
        self.read += 1
        text = self._decoded(name, data)
        if self._size < MAX_KEPT:
            self._kept[name] = text
            self._size += len(data)
        return text

    def _decoded(self, name: str, data: bytes) -> str | None:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16", "replace")
        if b"\0" in data:
            if not data.startswith(_ENCRYPTED):
                self.refused[name] = "is no text"
            return None
        try:
            return data.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            return data.decode("latin-1")  # it can still contain a secret
