#!/usr/bin/env python3
"""Makes the fonts in this folder and in ../icons, and the table src/app/icons.rs.

    npm install inter-ui@4.1.1 @phosphor-icons/web@2.1.2
    pip install fonttools brotli
    python3 assets/fonts/subset.py node_modules

Inter is cut down to the scripts and signs that Attune shows, and its digits, plus and minus are replaced by the
tabular ones, so that a number that changes does not move what stands beside it. Phosphor is cut down to ICONS.
"""

import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).resolve().parent.parent

SIGNS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x1E00, 0x1EFF),  # Latin, accents, Greek
    (0x2000, 0x20BF), (0x2100, 0x23FF),  # punctuation, indices, currencies, fractions, arrows, mathematics, keys
    (0x2460, 0x2473), (0x25A0, 0x26FF), (0x2713, 0x2718), (0x27E6, 0x27EB), (0xFFFD, 0xFFFD),
]  # fmt: skip
TABULAR = [*range(ord("0"), ord("9") + 1), ord("+"), 0x2212]

ICONS = """
    caret-left caret-right file-plus film-strip folder-open pause play repeat skip-back skip-forward speaker-high
    speaker-slash x
""".split()


def tabular_glyphs(font):
    """Which glyph the feature `tnum` puts in whose place."""
    table = font["GSUB"].table
    glyphs = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    glyphs.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return glyphs


def cut(font, code_points, features, out):
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    font.save(out)


def inter(modules, style):
    font = TTFont(modules / f"inter-ui/web/Inter-{style}.woff2", recalcTimestamp=False)
    font.flavor = None
    glyphs = tabular_glyphs(font)
    usual = dict(font.getBestCmap())
    for table in font["cmap"].tables:
        for point in TABULAR:
            if point in table.cmap:
                table.cmap[point] = glyphs[usual[point]]
    points = [point for first, last in SIGNS for point in range(first, last + 1)]
    cut(font, points, ["ccmp", "kern", "locl", "mark", "mkmk"], ASSETS / f"fonts/Inter-{style}.ttf")


def phosphor(modules):
    folder = modules / "@phosphor-icons/web/src/regular"
    rules = re.findall(r'\.ph-([a-z0-9-]+):before \{\s*content: "\\([0-9a-f]+)"', (folder / "style.css").read_text())
    points = {name: int(point, 16) for name, point in rules}
    icons = sorted(set(ICONS))
    font = TTFont(folder / "Phosphor.ttf", recalcTimestamp=False)
    cut(font, [points[name] for name in icons], [], ASSETS / "icons/Phosphor.ttf")
    lines = [f'pub const {name.upper().replace("-", "_")}: &str = "\\u{{{points[name]:x}}}";\n' for name in icons]
    text = "//! The icons of `assets/icons/Phosphor.ttf` by name; written by `assets/fonts/subset.py`.\n"
    text += "#![allow(missing_docs, reason = \"a name in Phosphor's catalogue says what the picture shows\")]\n\n"
    (ASSETS.parent / "src/app/icons.rs").write_text(text + "".join(lines))


def main():
    modules = Path(sys.argv[1])
    for style in ("Regular", "SemiBold"):
        inter(modules, style)
    phosphor(modules)


main()
