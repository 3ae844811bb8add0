// Why something could not be written: the path, the error of the system, and the way out.

export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly path: string;
  readonly code: string;
  readonly advice: string;
  constructor(path: string, code: string, options?: ErrorOptions) {
    const advice = adviceFor(code);
    super(`Cannot write ${path}: ${code}. ${advice}`, options);
    this.path = path;
    this.code = code;
    this.advice = advice;
  }
}

/** The name of a system error, also of one that SQLite met; nothing for a mistake of our own. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'ERR_ACCESS_DENIED') return 'EACCES';
  if (error.code === 'ERR_SQLITE_ERROR') return sqliteCode('errcode' in error ? Number(error.errcode) : 0);
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

/** https://www.sqlite.org/rescode.html: the low byte is the kind of the failure. */
function sqliteCode(extended: number): string | undefined {
  const codes: Readonly<Record<number, string>> = { 3: 'EACCES', 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 14: 'EIO' };
  return codes[extended & 0xff];
}

function adviceFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full: free some space, or choose another folder with -o.';
    case 'EFBIG':
      return 'Files may not get that large here: raise the limit (ulimit -f), or choose another folder with -o.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: raise the limit (ulimit -n), or use fewer threads with --jobs.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Writing is not allowed there: choose another folder with -o.';
    case 'EISDIR':
      return 'A folder has that name: move it away, or choose another place with -o.';
    case 'ELOOP':
      return 'That is a link, which is not followed: take it away, or choose another place with -o.';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'Something else has that name: move it away, or choose another place with -o.';
    case 'ENAMETOOLONG':
      return 'The name is too long for this file system: choose a shorter one, or another folder with -o.';
    default:
      return 'Choose another folder with -o.';
  }
}
