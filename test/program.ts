// The program that tests start: what was built of the sources while it is newer than they are, else the sources.

import { programFile } from '../bin/program.js';

export const program: string = programFile(new URL('..', import.meta.url).pathname);
