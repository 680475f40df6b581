"""An evaluation as one page that needs nothing else: dots with their intervals."""

import html
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from app.evaluation.report import summary
from app.evaluation.running import Comparison, Evaluation, Line

_OURS, _OTHER = "#1f6f54", "#8a8f98"
_ROW_HEIGHT, _FRAME_HEIGHT = 44, 150
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Goen: how good are the recommendations?</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font-family:sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#222;line-height:1.5}}
h1{{font-size:1.5rem}}h2{{font-size:1.1rem;margin:2rem 0 0}}</style>
<script>{script}</script></head><body><h1>How good are the recommendations?</h1>
{sentences}
{figures}
<p>A dot is a mean over members, its line the 95 % interval. Further right is better. How to read it:
docs/evaluation.md.</p></body></html>
"""


def write_plot(evaluation: Evaluation, path: Path) -> None:
    """Write a self-contained HTML page. Errors: OSError."""
    sentences = "\n".join(f"<p>{html.escape(each)}</p>" for each in summary(evaluation))
    figures = "\n".join(_section(each) for each in evaluation.comparisons)
    path.write_text(_PAGE.format(script=get_plotlyjs(), sentences=sentences, figures=figures), "utf-8")


def _section(comparison: Comparison) -> str:
    title = f"<h2>{html.escape(comparison.title)} ({comparison.members:,})</h2>"
    drawn = _figure(comparison).to_html(
        full_html=False, include_plotlyjs=False, config={"displayModeBar": False}
    )
    return title + str(drawn)


def _figure(comparison: Comparison) -> go.Figure:
    """nDCG@10 and recall@10 side by side, the best at the top."""
    figure = make_subplots(1, 2, shared_yaxes=True, subplot_titles=("nDCG@10", "recall@10"))
    lines = sorted(comparison.lines, key=lambda line: line.ndcg.value)
    figure.add_trace(_dots(lines, "ndcg", comparison.best), 1, 1)
    figure.add_trace(_dots(lines, "recall", comparison.best), 1, 2)
    figure.update_layout(
        height=_FRAME_HEIGHT + _ROW_HEIGHT * len(lines),
        showlegend=False,
        plot_bgcolor="white",
        margin={"l": 170, "r": 30, "t": 50, "b": 40},
        font={"size": 14},
    )
    figure.update_xaxes(rangemode="tozero", gridcolor="#e5e7eb", zerolinecolor="#9ca3af")
    figure.update_yaxes(
        gridcolor="#f3f4f6", tickmode="linear", ticks="outside", ticklen=10, tickcolor="white"
    )
    return figure


def _dots(lines: list[Line], measure: str, best: str) -> go.Scatter:
    found = [getattr(line, measure) for line in lines]
    return go.Scatter(
        x=[each.value for each in found],
        y=[line.title for line in lines],
        mode="markers",
        cliponaxis=False,
        marker={"size": 12, "color": [_OURS if line.title == best else _OTHER for line in lines]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [each.high - each.value for each in found],
            "arrayminus": [each.value - each.low for each in found],
            "color": "#4b5563",
            "thickness": 2,
            "width": 5,
        },
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
