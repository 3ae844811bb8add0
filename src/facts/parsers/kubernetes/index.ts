// The parsers of API objects and of what a must-gather says about itself.

import type { Parser } from '../../parser.ts';
import { dateOutput, gatherTimestamp, gatherVersion } from './gather-time.ts';
import { kubernetesObjects } from './objects.ts';

export const kubernetesParsers: Parser[] = [kubernetesObjects, gatherTimestamp, gatherVersion, dateOutput];
