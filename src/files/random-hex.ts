/** Random bytes as hex digits. From the global crypto: importing node:crypto costs every start 3 ms, `--help` included. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
