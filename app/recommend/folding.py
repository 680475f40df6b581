"""A member from what they did: the other side of every signal, for many members at once.

A history is (B, H): rows of Signals, -1 where there is none, and how strongly each was wanted
(app/recommend/strengths.py).
"""

from dataclasses import dataclass

import numpy as np

from app.recommend.signals import Floats, Integers, Signals

LEAST_CONFIDENCE, MOST_CONFIDENCE = 2.0, 100.0


@dataclass(frozen=True, eq=False)
class FoldingIn:
    """What folding in needs of a model, once: hold it beside the model."""

    factors: Floats
    """(n, d) float32."""
    solved: Floats
    """(n, d) factors · (gram + regularisation)⁻¹."""
    content: Floats
    """(n, c) float32."""
    alpha: float


def folding_in(signals: Signals) -> FoldingIn:
    """Prepare; about as much memory as the model in 32 bits, twice for the factors."""
    factors = np.asarray(signals.factors, np.float32)
    d = factors.shape[1]
    gram = np.asarray(signals.gram, np.float64) + signals.regularisation * np.eye(d)
    solved = (factors @ np.linalg.inv(gram).astype(np.float32)) if d else factors
    return FoldingIn(factors, solved, np.asarray(signals.content, np.float32), signals.alpha)


def confidences(strengths: Floats, alpha: float) -> Floats:
    """How much ALS believes a pair; one that is not there has 1, so even a weak one has more."""
    return np.asarray(np.clip(alpha * strengths, LEAST_CONFIDENCE, MOST_CONFIDENCE))


def fold_factors(model: FoldingIn, history: Integers, strengths: Floats) -> Floats:
    """ALS vectors of members, exactly as fitting would make them of these jobs: (B, H) twice -> (B, d).

    The system of d equations is solved as one of H: A⁻¹Yᵀ = G⁻¹Yᵀ(I + DYG⁻¹Yᵀ)⁻¹ with A = G + YᵀDY.
    """
    is_there = history >= 0
    confidence = np.where(is_there, confidences(strengths, model.alpha), 0)
    wanted = np.where(is_there[..., None], model.factors[history], 0)
    solved = np.where(is_there[..., None], model.solved[history], 0)
    excess = np.where(is_there, confidence - 1, 0)
    system = excess[..., None] * (solved @ wanted.transpose(0, 2, 1)) + np.eye(history.shape[1])
    shares = np.linalg.solve(system, confidence[..., None])
    return np.asarray((solved * shares).sum(axis=1), np.float32)


def fold_content(model: FoldingIn, history: Integers, strengths: Floats) -> Floats:
    """The mean content of members' jobs, of length 1: (B, H) twice -> (B, c)."""
    weights = np.where(history >= 0, strengths, 0)[..., None]
    profile = (model.content[history] * weights).sum(axis=1)
    lengths = np.linalg.norm(profile, axis=1, keepdims=True)
    return np.asarray(profile / np.where(lengths > 1e-9, lengths, 1), np.float32)
