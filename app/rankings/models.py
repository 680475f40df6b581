"""人気求人ランキング: the lists that were counted last, one for every area and occupation that people looked at."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class Ranking(Base):
    """One place in one list."""

    __tablename__ = "ranking"

    area: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """A municipality (JIS code), a prefecture (1–47), or 0: all of Japan."""
    occupation: Mapped[str] = mapped_column(String(100), primary_key=True)
    """A canonical name; empty: all occupations."""
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Counted from 1."""
    job_id: Mapped[int] = mapped_column(BigInt, ForeignKey("job.id"))
    score: Mapped[float] = mapped_column(Float)
    """Unique people, each counting half as much for every seven days since."""
    people: Mapped[int] = mapped_column(Integer)
    """How many different people that was, undecayed."""
    is_thin: Mapped[bool] = mapped_column(server_default=text("false"))
    """The whole list comes from too few people or jobs: nobody is told a rank of it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the list was counted to be this one; counted again the same, it stays."""
