/**
 * All on the command line, which wins over postgresql.conf: they come with the agent's version, not with the age of the directory.
 * Sized for one agent on a small machine; a bigger one brings its own server and DATABASE_URL.
 */
export function serverSettings(socketDirectory: string, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "",
    // The value is a list; between quotes a path may hold commas and spaces.
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    port: String(port),
    max_connections: "24",

    // An acknowledged report is on disk.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    restart_after_crash: "on",
    // macOS: an ordinary fsync stops at the drive's cache.
    ...(process.platform === "darwin" ? { wal_sync_method: "fsync_writethrough" } : {}),

    shared_buffers: "48MB",
    huge_pages: "off",
    jit: "off",
    // No I/O worker processes: the data fits the page cache.
    io_method: "sync",
    max_worker_processes: "4",
    autovacuum: "on",
    autovacuum_worker_slots: "3",
    autovacuum_max_workers: "3",

    // No standby follows this server.
    wal_level: "minimal",
    max_wal_senders: "0",
    max_logical_replication_workers: "0",
    wal_compression: "on",
    wal_buffers: "4MB",
    min_wal_size: "64MB",
    max_wal_size: "512MB",
    checkpoint_timeout: "15min",

    TimeZone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    cluster_name: "sluice",

    log_destination: "stderr",
    logging_collector: "off",
    log_line_prefix: "%e ",
    log_checkpoints: "off",
    // Neither values nor statements: reports may hold anything.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_statement: "none",
    log_parameter_max_length_on_error: "0",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
