#!/usr/bin/env python3
"""Writes licences.txt in this folder: every library in Cargo.lock, with its version and licence. Help > About shows it.

    python3 assets/licences.py
"""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

words = ["cargo", "metadata", "--format-version", "1", "--locked"]
known = json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout)
own = set(known["workspace_members"])
lines = sorted(
    f"{package['name']} {package['version']}: {package['license'] or 'see its licence file'}"
    for package in known["packages"]
    if package["id"] not in own
)
(ROOT / "assets" / "licences.txt").write_text("\n".join(lines) + "\n")
