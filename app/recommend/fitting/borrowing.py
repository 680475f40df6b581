"""Jobs with few events borrow factors from jobs that say the same of themselves.

Half of what people do next on a young board is with jobs that nobody did anything with yet, where ALS is
blind. A ridge regression says which factors go with which content; a job's own factors then count as much as
its events, the expected ones as much as `leaning` events. How far to lean is chosen on held-out pairs.
"""

import numpy as np

from app.recommend.signals import Floats, Integers

LEANINGS = (0.0, 1.0, 3.0)
_RIDGE = 1.0
_STRETCH = 3.0
"""A mean of many factors is shorter than each of them."""
_MOST_EVENTS = 20


def fit_projection(factors: Floats, content: Floats, events: Integers) -> Floats:
    """(c, d) float32 from content to factors, by jobs with events, the more the surer: (n, d), (n, c), (n,)."""
    sure = np.minimum(events, _MOST_EVENTS).astype(np.float32)[:, None]
    wide = np.asarray(content, np.float32)
    system = (wide * sure).T @ wide + _RIDGE * np.eye(wide.shape[1], dtype=np.float32)
    return np.asarray(_STRETCH * np.linalg.solve(system, (wide * sure).T @ factors), "<f4")


def borrowed(
    factors: Floats, content: Floats, events: Integers, projection: Floats, leaning: float
) -> Floats:
    """(n, d) float32: the factors themselves where `leaning` is 0."""
    if not leaning:
        return factors
    own = (events / (events + leaning)).astype(np.float32)[:, None]
    return np.asarray(own * factors + (1 - own) * (np.asarray(content, np.float32) @ projection), np.float32)
