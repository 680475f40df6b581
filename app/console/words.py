"""Times, numbers and masked contacts as the console writes them (pure)."""

from datetime import date, datetime

from app.clock import in_tokyo
from app.staff.rules import Role

MISSING = "—"
WEEKDAYS = "月火水木金土日"
ROLE_WORDS = {Role.ADMIN: "管理者", Role.RECRUITER: "担当者", Role.EDITOR: "編集者"}


def time_words(at: datetime, now: datetime) -> str:
    """今日 10:02 is only 10:02; 昨日 18:20; 11/20(金) 10:02; 2025/11/20(木)."""
    local, today = in_tokyo(at), in_tokyo(now).date()
    days = (today - local.date()).days
    if days == 0:
        return clock_words(local)
    if days == 1:
        return f"昨日 {clock_words(local)}"
    if local.year == today.year:
        return f"{day_words(local.date(), today)} {clock_words(local)}"
    return date_words(local.date())


def clock_words(local: datetime) -> str:
    """9:31, 18:20."""
    return f"{local.hour}:{local.minute:02}"


def date_words(day: date) -> str:
    """2025/11/20(木)."""
    return f"{day.year}/{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def day_words(day: date, today: date) -> str:
    """11/20(金) in this year, else 2025/11/20(木)."""
    if day.year != today.year:
        return date_words(day)
    return f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def iso_words(at: datetime) -> str:
    """For `<time datetime>`: with +09:00, to the second."""
    return in_tokyo(at).isoformat(timespec="seconds")


def number_words(number: int | None) -> str:
    """1,248; a missing one is —, zero is 0."""
    return MISSING if number is None else f"{number:,}"


def share_words(part: int, base: int) -> str:
    """91.5%(183/200); of fewer than 20 only the counts."""
    if base < 20:
        return f"{part:,}/{base:,}"
    return f"{100 * part / base:.1f}%({part:,}/{base:,})"


def duration_words(seconds: float) -> str:
    """45秒, 18分, 2時間5分, 3日."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{max(int(seconds), 0)}秒"
    if minutes < 60:
        return f"{minutes}分"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours}時間{rest}分" if rest else f"{hours}時間"
    return f"{hours // 24}日"


def masked_phone(phone: str) -> str:
    """090-****-5678, from +819012345678."""
    digits = "0" + phone.removeprefix("+81") if phone.startswith("+81") else phone
    return f"{digits[:3]}-****-{digits[-4:]}" if len(digits) >= 10 else "****"


def masked_mail(mail: str) -> str:
    """h***@example.com."""
    name, at, domain = mail.partition("@")
    return f"{name[:1]}***@{domain}" if at else "***"
