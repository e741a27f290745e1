#!/usr/bin/env python3
"""Draws tokens a second of Quire and llama.cpp as bars: speed.py < peers.csv > speed.svg"""
import csv
import sys

WIDTH, LABEL, ROW, BAR, TOP = 720, 190, 40, 14, 56
QUIRE, PEER, TEXT, FAINT = "#2f6f4f", "#b9b9b0", "#2b2b28", "#77776f"


def text(x, y, words, size=12, fill=TEXT, anchor="start", weight="normal"):
    return (f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{words}</text>')


def bar(y, value, scale, fill):
    return f'<rect x="{LABEL}" y="{y}" width="{value * scale:.1f}" height="{BAR}" rx="2" fill="{fill}"/>'


def main():
    rows = list(csv.DictReader(sys.stdin))
    models = list(dict.fromkeys(row["model"] for row in rows))
    scale = (WIDTH - LABEL - 110) / max(float(row["quire"]) for row in rows)
    parts, y = [], TOP
    for model in models:
        parts.append(text(16, y + 6, model, 13, weight="bold"))
        y += 18
        for row in (row for row in rows if row["model"] == model):
            quire, peer = float(row["quire"]), float(row["llama.cpp"])
            parts += [
                text(LABEL - 10, y + 18, row["work"], anchor="end"),
                bar(y, quire, scale, QUIRE), bar(y + BAR + 2, peer, scale, PEER),
                text(LABEL + quire * scale + 6, y + 11, f"{quire:,.0f}", 11),
                text(LABEL + peer * scale + 6, y + BAR + 13, f"{peer:,.0f}", 11, FAINT),
                text(WIDTH - 16, y + 18, f"{quire / peer:.1f} x", 13, anchor="end", weight="bold"),
            ]
            y += ROW
        y += 14
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" '
        'font-family="system-ui, sans-serif" role="img" '
        'aria-label="Tokens a second of Quire and llama.cpp">',
        f'<rect width="{WIDTH}" height="{y}" rx="6" fill="#fbfaf6"/>',
        text(16, 28, "Tokens a second, same file, same two cores, in turns", 14, weight="bold"),
        f'<rect x="{WIDTH - 210}" y="18" width="12" height="12" rx="2" fill="{QUIRE}"/>',
        text(WIDTH - 193, 28, "Quire"),
        f'<rect x="{WIDTH - 140}" y="18" width="12" height="12" rx="2" fill="{PEER}"/>',
        text(WIDTH - 123, 28, "llama.cpp"),
    ]
    print("\n".join(head + parts + ["</svg>"]))


main()
