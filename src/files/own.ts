const GROUP_OR_OTHERS_WRITE = 0o022;

/** Whether the user owns it, as far as the system knows owners. */
export function isOurs({ uid }: { readonly uid: number }): boolean {
  return uid === (process.getuid?.() ?? uid);
}

/** Whether anyone but its owner can write it. */
export function othersCanWrite({ mode }: { readonly mode: number }): boolean {
  return (mode & GROUP_OR_OTHERS_WRITE) !== 0;
}
