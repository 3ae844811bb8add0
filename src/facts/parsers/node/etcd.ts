// Reads what `etcdctl -w json` said of each member: status, health, list of members, alarms.
//
//   [{"Endpoint":"https://10.0.0.1:2379","Status":{"header":{"member_id":13518803987065864191},"version":"3.5.9","dbSize":115855360,…}}]
//   [{"endpoint":"https://10.0.0.1:2379","health":false,"took":"5.000316276s","error":"context deadline exceeded"}]

import type { Span } from '../../../bundle/source.ts';
import { bool, factType, int, list, optional, string } from '../../fact-type.ts';
import { type Parsed, parser } from '../../parser.ts';
import { readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { wholeSpan } from '../../text/lines.ts';
import { at, boolOf, intOf, isPlain, listOf, nonEmpty, type Plain, textOf, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { wordTable } from '../../text/word-table.ts';

export const EtcdEndpoint = factType('EtcdEndpoint', 'What one etcd member says of itself, from endpoint status.', {
  endpoint: string('Address it was asked at.'),
  memberId: string('64-bit number in decimal.'),
  leaderId: string('Member it follows; its own when it leads, 0 when there is none.'),
  leads: bool('True for the leader.'),
  version: string('E.g. 3.5.9.'),
  dbSizeBytes: int('Size of the database file.'),
  dbSizeInUseBytes: optional(int('What of it is in use; the rest is free for use after a defragmentation.')),
  dbQuotaBytes: optional(int('Quota, as etcd 3.6 tells.')),
  raftTerm: int('Grows with each election.'),
  raftIndex: int('Last entry of the log.'),
  raftAppliedIndex: int('Last entry that was applied.'),
  isLearner: bool('True for a member that has no vote yet.'),
  errors: list(string(), 'What is wrong with it, as it says itself.'),
});

export const EtcdHealth = factType('EtcdHealth', 'Whether one etcd endpoint answers, from endpoint health.', {
  endpoint: string('Address it was asked at.'),
  healthy: bool('True when it committed a proposal.'),
  tookMillis: optional(int('How long the answer took.')),
  error: optional(string('Why it is not.')),
});

export const EtcdMember = factType('EtcdMember', 'A member of the etcd cluster, from member list.', {
  id: string('64-bit number in decimal.'),
  name: string('Name of the member; empty until it has started.'),
  peerUrls: list(string(), 'Where members reach it.'),
  clientUrls: list(string(), 'Where clients reach it; empty until it has started.'),
  isLearner: bool('True for a member that has no vote yet.'),
});

export const EtcdAlarm = factType('EtcdAlarm', 'An alarm that etcd has raised, from alarm list.', {
  memberId: string('64-bit number in decimal.'),
  alarm: string('NOSPACE or CORRUPT.'),
});

export const etcdEndpointStatus = parser({
  reads: 'EtcdEndpointStatus',
  yields: EtcdEndpoint,
  parse: (text) =>
    readEntries(
      text,
      (root) => root,
      (each, span) => {
        const status = at(each, 'Status');
        const memberId = textOf(at(status, 'header', 'member_id'));
        if (memberId === undefined) return [];
        const leaderId = textOf(at(status, 'leader')) ?? '0';
        const value = present({
          endpoint: textOf(each.Endpoint) ?? '',
          memberId,
          leaderId,
          leads: leaderId === memberId,
          version: textOf(at(status, 'version')) ?? '',
          dbSizeBytes: intOf(at(status, 'dbSize')) ?? 0,
          dbSizeInUseBytes: intOf(at(status, 'dbSizeInUse')),
          dbQuotaBytes: intOf(at(status, 'dbSizeQuota')),
          raftTerm: intOf(at(status, 'raftTerm')) ?? 0,
          raftIndex: intOf(at(status, 'raftIndex')) ?? 0,
          raftAppliedIndex: intOf(at(status, 'raftAppliedIndex')) ?? 0,
          isLearner: boolOf(at(status, 'isLearner')) ?? false,
          errors: textsOf(at(status, 'errors')),
        });
        return [EtcdEndpoint.fact(span, value)];
      },
    ),
});

export const etcdEndpointHealth = parser({
  reads: 'EtcdEndpointHealth',
  yields: EtcdHealth,
  parse: (text) =>
    readEntries(
      text,
      (root) => root,
      (each, span) => {
        const endpoint = textOf(each.endpoint);
        const healthy = boolOf(each.health);
        if (endpoint === undefined || healthy === undefined) return [];
        const value = present({ endpoint, healthy, tookMillis: goMillis(each.took), error: nonEmpty(each.error) });
        return [EtcdHealth.fact(span, value)];
      },
    ),
});

export const etcdMemberList = parser({
  reads: 'EtcdMemberList',
  yields: EtcdMember,
  parse: (text) =>
    readEntries(
      text,
      (root) => at(root, 'members'),
      (each, span) => {
        const id = textOf(each.ID);
        if (id === undefined) return [];
        const value = {
          id,
          name: textOf(each.name) ?? '',
          peerUrls: textsOf(each.peerURLs),
          clientUrls: textsOf(each.clientURLs),
          isLearner: boolOf(each.isLearner) ?? false,
        };
        return [EtcdMember.fact(span, value)];
      },
    ),
});

/** Numbers of the protocol's enum, which is what JSON has. */
const alarms = wordTable<string>({ '1': 'NOSPACE', '2': 'CORRUPT' });

export const etcdAlarmList = parser({
  reads: 'EtcdAlarmList',
  yields: EtcdAlarm,
  parse(text) {
    const parsed = readEntries(
      text,
      (root) => at(root, 'alarms') ?? [],
      (each, span) => {
        const memberId = textOf(each.memberID);
        const alarm = textOf(each.alarm) ?? '';
        return memberId === undefined || alarm === ''
          ? []
          : [EtcdAlarm.fact(span, { memberId, alarm: alarms[alarm] ?? alarm })];
      },
    );
    // `{}` is the answer of a cluster without alarms.
    const isAnswer = text.trim() !== '' && parsed.problems.length === 0;
    return isAnswer ? { ...parsed, answered: [EtcdAlarm.name] } : parsed;
  },
});

/**
 * Ids of members pass 2^53, so JSON's own numbers would round them. JSON.parse could tell their text to a function, but
 * with one Node 26 now and then ends in a segmentation fault on broken JSON.
 */
function readEntries(
  text: string,
  listIn: (root: unknown) => unknown,
  read: (each: Plain, span: Span) => Parsed['facts'][number][],
): Parsed {
  if (text.trim() === '') return { facts: [], problems: [] };
  if (!/^\s*[[{]/.test(text)) return { facts: [], problems: failedOutput(text, 'JSON of etcdctl') };
  const { documents, problems } = readDocuments(text);
  const [root] = documents;
  if (!root && problems.length > 0) return { facts: [], problems };
  const entries = listIn(root?.value);
  const span = wholeSpan(text);
  if (!Array.isArray(entries)) {
    return {
      facts: [],
      problems: [{ code: 'PARSE_ERROR', span, detail: 'this JSON is not what etcdctl prints here' }],
    };
  }
  return { facts: listOf(entries).flatMap((each) => (isPlain(each) ? read(each, span) : [])), problems };
}

/** A duration of Go: `22.086528ms`, `5.000316276s`, `1m3.2s`. */
function goMillis(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined || !/^(?:\d{1,15}(?:\.\d+)?(?:h|ms|m|s|µs|us|ns))+$/.test(text)) return undefined;
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, us: 0.001, ns: 0.000001 };
  const parts = [...text.matchAll(/([\d.]+)(h|ms|m|s|µs|us|ns)/g)];
  return Math.round(parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0));
}
