"""The platform's side of signatures and encryption, written apart from bot/wechat."""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def signature(*parts: str) -> str:
    joined = "".join(sorted(parts))
    return hashlib.sha1(joined.encode("utf-8")).hexdigest()  # noqa: S324 the platform's protocol


class Seal:
    def __init__(self, token: str, aes_key: str, app_id: str) -> None:
        self.token, self.app_id = token, app_id
        self.key = base64.b64decode(f"{aes_key}=")

    def close(self, message: str) -> str:
        body = message.encode("utf-8")
        content = os.urandom(16) + len(body).to_bytes(4, "big") + body + self.app_id.encode()
        padder = padding.PKCS7(256).padder()
        padded = padder.update(content) + padder.finalize()
        worker = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).encryptor()
        return base64.b64encode(worker.update(padded) + worker.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Raises ValueError where the reply was not made with this account's key."""
        worker = Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16])).decryptor()
        padded = worker.update(base64.b64decode(sealed)) + worker.finalize()
        unpadder = padding.PKCS7(256).unpadder()
        content = unpadder.update(padded) + unpadder.finalize()
        length = int.from_bytes(content[16:20], "big")
        if content[20 + length :].decode() != self.app_id:
            raise ValueError("another account's reply")
        return content[20 : 20 + length].decode("utf-8")
