"""How an import's outcome reads on a terminal: the figures, what was noticed, and every faulty row.

Refuses to hide an issue: a long list is shortened on screen only, with the count and the way to see all.
"""

from collections.abc import Iterator, Sequence

from landgis.lib.issues import Issue

SHOWN = 60


def issue_lines(issues: Sequence[Issue]) -> Iterator[str]:
    errors = sum(issue.severity == "error" for issue in issues)
    if not issues:
        return
    yield f"问题 {errors} 处，提示 {len(issues) - errors} 处："
    for issue in issues[:SHOWN]:
        yield f"  {'✗' if issue.severity == 'error' else '·'} [{issue.code}] {issue.message}"
    if len(issues) > SHOWN:
        yield f"  … 另有 {len(issues) - SHOWN} 处，用 --json 查看全部。"
