"""What a menu's button can ask of the bot: a catalogue for those who write menus (pure).

Every command here has its handler in handlers/dispatch.py; a test holds both sides together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class MenuCommand:
    """One thing to ask for."""

    title: str
    """In the editor's list."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Which values it needs, with what they mean."""


COMMANDS: Mapping[str, MenuCommand] = MappingProxyType(
    {
        "job.first": MenuCommand("おすすめの求人を見せる"),
        "job.ways": MenuCommand("求人の探し方を選んでもらう"),
        "job.saved": MenuCommand("保存した求人を見せる"),
        "survey.start": MenuCommand("アンケートを始める", {"name": "アンケートの名前"}),
        "link.ask": MenuCommand("会員連携を案内する"),
        "link.end": MenuCommand("会員連携の解除を案内する", {"source": "どこから(menu)"}),
        "staff.ask": MenuCommand("担当者につなぐ"),
        "progress.show": MenuCommand("応募と予定を見せる"),
        "work.ask": MenuCommand("入社後の様子を聞く"),
        "settings.show": MenuCommand("いまの設定を見せる"),
        "settings.break": MenuCommand("求人のお届けを休む"),
        "settings.stop": MenuCommand("求人のお届けを止める"),
        "settings.resume": MenuCommand("求人のお届けを再開する"),
        "help.show": MenuCommand("使い方を案内する"),
    }
)
