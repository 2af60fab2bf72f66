"""The settings of the private cluster: safe for a register that loses nothing, sized to the machine.

Knows no paths and starts nothing. An operator's own settings go to `local.conf` beside it and win.
"""

from pathlib import Path

MIB = 1024 * 1024
INCLUDES = "\n# landgis writes the first file anew at each start; the second is the operator's.\n" + (
    "include_if_exists = 'landgis.conf'\ninclude_if_exists = 'local.conf'\n"
)


def settings_text(memory_bytes: int | None = None) -> str:
    memory = (memory_bytes if memory_bytes is not None else machine_memory_bytes()) // MIB
    values = {
        "listen_addresses": "''",  # reached by socket only
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "max_locks_per_transaction": "256",  # dropping a test database locks every table at once
        "shared_buffers": f"{_between(128, memory // 16, 1024)}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": f"{_between(8, memory // 512, 32)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 32, 512)}MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than it saves on queries of milliseconds
        # A served register loses nothing, can be followed by a replica and taken back to a point in time.
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_level": "replica",
        "wal_compression": "on",
        "timezone": "'Asia/Shanghai'",
        "log_timezone": "'Asia/Shanghai'",
        "log_min_messages": "warning",
        "log_line_prefix": "'%m [%p] %q%d '",
        "logging_collector": "on",  # a file a weekday, so the log never fills the disk
        "log_directory": "'log'",
        "log_filename": "'postgresql-%a.log'",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
    }
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "# Written by landgis at each start; put changes into local.conf.\n" + "\n".join(lines) + "\n"


def machine_memory_bytes() -> int:
    """The memory that this process may use: a container's limit counts, not its host's size."""
    sizes = [_meminfo(Path("/proc/meminfo"))]
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = Path(limit).read_text().strip() if Path(limit).exists() else "max"
        if text.isdigit():
            sizes.append(int(text))
    return min(sizes)


def _meminfo(path: Path) -> int:
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("MemTotal:"):
                return int(line.split()[1]) * 1024
    return 2048 * MIB


def _between(lowest: int, wanted: int, highest: int) -> int:
    return max(lowest, min(wanted, highest))
