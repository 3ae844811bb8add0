// What the pictures of a report need beyond its findings: nodes, certificates, clocks, and moments of the bundle.

import type { FactStore } from '../../facts/store.ts';
import type { Moment, Report } from '../report.ts';
import { boundedMoments } from './bounded-moments.ts';
import { reportCertificates } from './certificates.ts';
import { reportClocks } from './clocks.ts';
import { joinedMoments } from './joined-moments.ts';
import { eventMoments } from './moments-of-events.ts';
import { objectMoments } from './moments-of-objects.ts';
import { reportNodes } from './nodes.ts';

export type PictureFacts = Required<Pick<Report, 'nodes' | 'certificates' | 'clocks' | 'timelineLeftOut'>> & {
  readonly moments: readonly Moment[];
};

export function pictureFacts(store: FactStore): PictureFacts {
  const certificates = reportCertificates(store);
  const { kept, leftOut } = boundedMoments(
    joinedMoments([...objectMoments(store, certificates), ...eventMoments(store)]),
  );
  return {
    nodes: reportNodes(store),
    certificates,
    clocks: reportClocks(store),
    timelineLeftOut: leftOut,
    moments: kept,
  };
}
