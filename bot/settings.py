"""Every setting, read once from the environment or `.env`. Nobody else looks there."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.wechat.client import TENCENT
from bot.wechat.webhook import Mode

ROOT = Path(__file__).parents[1]
DEMO_TOKEN, DEMO_APP_ID = "huiqiao-demo", "wx00000000demo0001"
DEMO_KEY = "HuiqiaoDemoKeyHuiqiaoDemoKeyHuiqiaoDemoKey1"
DEFAULT_SECRET = "change-me"  # noqa: S105 refused outside the demonstration
LONGEST_NLU_LIMIT_S = 4.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def port_file(folder: Path, home: int) -> Path:
    """Names the port to ask in place of `home`, once another process has taken over from that one."""
    return folder / f"{home}.port"


class SettingsProblem(Exception):
    """The settings contradict each other; the text says which and how to mend it."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    wechat_token: str = ""
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_mode: Mode | None = None
    wechat_api_url: str = ""
    wechat_allow_plain: bool = False
    wechat_templates: str = ""  # name=id,name=id: the templates of backend/outreach/templates.yml
    wechat_subscriptions: str = ""  # the same of subscription notices
    wechat_staff_chat: bool = False  # the account has the platform's own customer-service seats
    database_url: str = ""
    redis_url: str = ""
    nlu_url: str = "http://127.0.0.1:5005"
    nlu_token: SecretStr = SecretStr("huiqiao-local")
    registry_url: str = ""  # our own bridge to a register (docs/registry-bridge.yaml)
    registry_token: SecretStr = SecretStr("")
    huiqiao_data: Path = Path("data")
    huiqiao_host: str = "127.0.0.1"
    huiqiao_port: int = 8000
    huiqiao_public_url: str = ""
    huiqiao_secret_key: SecretStr = SecretStr(DEFAULT_SECRET)
    huiqiao_demo: bool = True
    huiqiao_nlu_limit_s: float = Field(default=1.5, gt=0, le=LONGEST_NLU_LIMIT_S)
    huiqiao_nlu_folder: Path | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.is_live:
            if not self.wechat_token:
                raise ValueError("WECHAT_APP_ID is set but WECHAT_TOKEN is not")
            if self.huiqiao_secret_key.get_secret_value() == DEFAULT_SECRET:
                raise ValueError("HUIQIAO_SECRET_KEY is still the default: set it to a long random text")
            if self.mode is not Mode.PLAIN and not self.wechat_aes_key.get_secret_value():
                raise ValueError(f"WECHAT_MODE={self.mode} needs WECHAT_AES_KEY")
            if self.mode is Mode.PLAIN and self.huiqiao_host not in LOOPBACK and not self.wechat_allow_plain:
                raise ValueError("plain mode does not sign the body: use safe mode, or set WECHAT_ALLOW_PLAIN=1")
        elif self.huiqiao_host not in LOOPBACK:
            raise ValueError("without WECHAT_APP_ID this is a demonstration and serves on 127.0.0.1 only")
        return self

    @property
    def is_live(self) -> bool:
        """A real account is configured: no simulator, no demonstration rows."""
        return bool(self.wechat_app_id)

    @property
    def mode(self) -> Mode:
        if self.wechat_mode:
            return self.wechat_mode
        return Mode.SAFE if self.aes_key else Mode.PLAIN

    @property
    def token(self) -> str:
        return self.wechat_token or DEMO_TOKEN

    @property
    def app_id(self) -> str:
        return self.wechat_app_id or DEMO_APP_ID

    @property
    def aes_key(self) -> str:
        given = self.wechat_aes_key.get_secret_value()
        return given or ("" if self.is_live else DEMO_KEY)

    @property
    def templates(self) -> dict[str, str]:
        return _named(self.wechat_templates)

    @property
    def subscriptions(self) -> dict[str, str]:
        return _named(self.wechat_subscriptions)

    @property
    def api_url(self) -> str:
        if self.wechat_api_url:
            return self.wechat_api_url
        return TENCENT if self.is_live else f"http://127.0.0.1:{self.huiqiao_port}/simulator/platform"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.huiqiao_data.resolve() / 'huiqiao.db'}"

    @property
    def public_url(self) -> str:
        return self.huiqiao_public_url or f"http://{self.huiqiao_host}:{self.huiqiao_port}"

    @property
    def nlu_folder(self) -> Path:
        """Where a promotion is asked for and remembered: see bot/promotion.py."""
        return (self.huiqiao_nlu_folder or self.huiqiao_data / "nlu").resolve()

    @property
    def nlu_moved(self) -> Path | None:
        """The file that names another port of this machine after a promotion; None where NLU_URL is not on it."""
        try:
            home = urlsplit(self.nlu_url)
            return port_file(self.nlu_folder, home.port) if home.port and home.hostname in LOOPBACK else None
        except ValueError:
            return None

    @property
    def index_folder(self) -> Path:
        return self.huiqiao_data.resolve() / "index"


def _named(text: str) -> dict[str, str]:
    """“name=id,name=id”; a part without a name is none."""
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): value.strip() for name, mark, value in pairs if mark and name.strip() and value.strip()}
