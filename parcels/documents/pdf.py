"""Word files to PDF by LibreOffice, several in one run, each run in a profile and with fonts of its own.

Refuses to wait longer than its time, to leave a process behind, and to fetch anything that a file points to.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from landgis.lib.errors import LandgisError

PROGRAMS = ("soffice", "libreoffice")
START_S, EACH_S = 90, 20  # the first start in an empty profile is slow on a busy machine
REMEDY = "请在服务器上安装 libreoffice-writer-nogui（apt-get install libreoffice-writer-nogui），或先下载 Word 文件。"

# Stand-ins for the fonts of official papers, taken only where the machine lacks them; 小标宋 is a heavy face.
_STAND_INS = {
    ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "小标宋"): ("Noto Serif CJK SC", "bold"),
    ("仿宋_GB2312", "仿宋", "FangSong"): ("Noto Serif CJK SC", ""),
    ("楷体_GB2312", "楷体", "KaiTi"): ("Noto Serif CJK SC", ""),
    ("宋体", "SimSun"): ("Noto Serif CJK SC", ""),
    ("黑体", "SimHei"): ("Noto Sans CJK SC", ""),
}
# Links stay as they are and macros never run, whatever a file says.
_SETTINGS = (
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
)
_REGISTRY = "http://openoffice.org/2001/registry"


class PdfUnavailable(LandgisError):
    """The machine can't make PDF files now; the Word file is there all the same."""

    status = 503
    code = "pdf_unavailable"


def program() -> str | None:
    """LibreOffice's program: LANDGIS_SOFFICE, or the first that the machine has."""
    named = os.environ.get("LANDGIS_SOFFICE")
    return named or next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def to_pdf(papers: Sequence[bytes], *, seconds: float | None = None) -> list[bytes]:
    """One PDF for each Word file, in their order."""
    if not papers:
        return []
    office = program()
    if office is None:
        raise PdfUnavailable("本机没有 LibreOffice，不能生成 PDF。", remedy=REMEDY)
    with tempfile.TemporaryDirectory(prefix="landgis-pdf-") as folder:
        work = Path(folder)
        names = [f"{at:05d}" for at in range(len(papers))]
        for name, paper in zip(names, papers, strict=True):
            (work / f"{name}.docx").write_bytes(paper)
        log = _convert(office, work, names, seconds or START_S + EACH_S * len(papers))
        made = [work / "pdf" / f"{name}.pdf" for name in names]
        if absent := [at + 1 for at, path in enumerate(made) if not path.exists()]:
            told = f"第 {'、'.join(map(str, absent))} 个文书未能转换为 PDF。"
            raise PdfUnavailable(f"{told}{log.strip()[-300:]}", remedy="请下载 Word 文件检查后重试。")
        return [path.read_bytes() for path in made]


def _convert(office: str, work: Path, names: Sequence[str], seconds: float) -> str:
    profile = work / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    (work / "fonts.conf").write_text(_font_rules(work), encoding="utf-8")
    command = [
        office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck",
        "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(work / "pdf"), *(f"{work / name}.docx" for name in names),
    ]  # fmt: skip
    environment = {
        **os.environ,
        "HOME": str(work),
        "FONTCONFIG_FILE": str(work / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    log = work / "log"
    try:
        with log.open("wb") as output:
            running = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, cwd=work,
                start_new_session=True,
            )  # fmt: skip
    except OSError:
        raise PdfUnavailable(f"LibreOffice（{office}）不能启动。", remedy=REMEDY) from None
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise PdfUnavailable(
            f"转换 PDF 超过 {seconds:g} 秒，已停止。", remedy="请减少一次转换的文书数量后重试。"
        ) from None
    finally:
        _end(running)
    return log.read_text(encoding="utf-8", errors="replace")


def _end(running: subprocess.Popen[bytes]) -> None:
    """The program is a script that starts others: end all of its own session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="{_REGISTRY}">{items}</oor:items>\n'


def _font_rules(work: Path) -> str:
    """The machine's fonts, and what to take for an official one that it lacks."""
    rules = []
    for families, (stand_in, weight) in _STAND_INS.items():
        heavy = f'<edit name="weight" mode="assign"><const>{weight}</const></edit>' if weight else ""
        rules += [
            f'<match target="pattern"><test name="family" qual="any"><string>{family}</string></test>'
            f'<edit name="family" mode="append" binding="strong"><string>{stand_in}</string></edit>{heavy}</match>'
            for family in families
        ]
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{work / "fontcache"}</cachedir>'
        f"{''.join(rules)}</fontconfig>"
    )
