/** A worker's socket, in its session's folder. */
export const WORKER_SOCKET = "worker.sock";
