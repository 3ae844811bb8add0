// A diff as the page shows it: every word the template of `diff.html` needs, and nothing to decide there.

import { groupBy } from '../report/compare.ts';
import { anyPlace } from '../report/html-excerpts.ts';
import { evidenceView } from '../report/html-finding.ts';
import type { ReportEvidence } from '../report/report.ts';
import { cutTo, nameLine, visible, visibleLine } from '../report/visible.ts';
import { counted, grouped, sized, timed } from '../report/wording.ts';
import type { Change, Diff, DiffFinding, DiffSide, FieldChange, Lack, Standing } from './diff.ts';
import { standings } from './diff.ts';
import { changeWords, headings, headline, meanings } from './words.ts';

/** A page that a browser opens at once; diff.json has all. */
const mostFindings = 300;
const mostChanges = 500;
const mostFields = 60;
const mostEvidence = 3;
const longestText = 300;

export function diffView(diff: Diff) {
  const { settings } = diff;
  const findings = standings.map((standing) => sectionOf(standing, diff.findings[standing]));
  const shown = settings.changes.slice(0, mostChanges);
  const more = settings.changes.length - shown.length;
  return {
    title: `${nameLine(diff.before.name)} → ${nameLine(diff.after.name)}`,
    headline: headline(diff),
    warnings: diff.warnings.map(visibleLine),
    sides: [sideView('Before', diff.before), sideView('After', diff.after)],
    tiles: findings.map(({ standing, heading, count, none }) => ({ standing, heading, count, none })),
    sections: findings.filter(({ none }) => !none),
    noFindings: findings.every(({ none }) => none),
    compared: settings.compared,
    kinds: settings.kinds.map(nameLine).join(', '),
    changeCount: grouped(settings.changes.length),
    unchanged: settings.compared && settings.changes.length === 0,
    groups: [...groupBy(shown, ({ group }) => group)].map(([name, changes]) => ({
      name: nameLine(name),
      count: grouped(changes.length),
      changes: changes.map(changeView),
    })),
    more: more > 0 ? `${counted(more, 'further change')} in diff.json.` : '',
    anyLacks: settings.notComparable.length > 0,
    lacks: settings.notComparable.map(lackView),
    rules: [rulesView('before', diff.rules.onlyBefore), rulesView('after', diff.rules.onlyAfter)].filter(
      ({ any }) => any,
    ),
    tool: { name: nameLine(diff.tool.name), version: nameLine(diff.tool.version) },
  };
}

function sideView(word: string, side: DiffSide) {
  const cluster = [side.cluster?.version, side.cluster?.platform].filter(Boolean).join(' on ');
  const rows: [string, string][] = [
    ['Bundle', side.name],
    ['Kind', side.kinds.join(', ')],
    ['Gathered', side.gatheredAt === undefined ? 'unknown' : timed(side.gatheredAt)],
    ['Cluster', cluster],
    ['Cluster id', side.cluster?.id ?? ''],
    ['Read from', side.from],
    ['Findings', grouped(side.findings)],
    ['Gaps', grouped(side.gaps)],
    ['Rules', `${side.tool.rulesDigest.slice(0, 'sha256:'.length + 12)} of ${side.tool.version}`],
    ...side.inputs.map(({ path, bytes }): [string, string] => ['Input', `${path}, ${sized(bytes)}`]),
  ];
  return { word, rows: rows.filter(([, text]) => text !== '').map(([name, text]) => ({ name, text: nameLine(text) })) };
}

function sectionOf(standing: Standing, findings: readonly DiffFinding[]) {
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length;
  return {
    standing,
    heading: headings[standing],
    meaning: meanings[standing],
    count: grouped(findings.length),
    none: findings.length === 0,
    findings: shown.map((finding) => findingView(finding, standing)),
    more: more > 0 ? `${counted(more, 'further finding')} in diff.json.` : '',
  };
}

const severityWords = { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Note' } as const;

function findingView(finding: DiffFinding, standing: Standing) {
  const { before, after } = finding;
  const sides = [
    { word: 'Before', side: before },
    { word: 'After', side: after },
  ].flatMap(({ word, side }) => {
    if (!side) return [];
    const evidence = side.evidence.slice(0, mostEvidence);
    const more = side.evidence.length - evidence.length;
    return [
      {
        word,
        message: visible(side.message),
        evidence: evidence.map((each) => evidenceView(each, anyPlace)),
        more: more > 0 ? `${counted(more, 'further place')} in diff.json.` : '',
      },
    ];
  });
  return {
    severity: finding.severity,
    word: severityWords[finding.severity],
    title: finding.title,
    rule: nameLine(finding.rule),
    pack: nameLine(finding.pack),
    subject: nameLine(finding.subject),
    why: visibleLine(finding.why ?? ''),
    sides,
    open: standing === 'new',
  };
}

function changeView(change: Change) {
  const fields = change.fields.slice(0, mostFields);
  const more = change.fields.length - fields.length;
  const things: [string, ReportEvidence | undefined][] = [
    ['Before', change.before],
    ['After', change.after],
  ];
  return {
    kind: nameLine(change.kind),
    subject: nameLine(change.subject),
    change: change.change,
    word: changeWords[change.change],
    fields: fields.map(fieldView),
    anyFields: fields.length > 0,
    more: more > 0 ? `${counted(more, 'further field')} in diff.json.` : '',
    places: [
      ...things.flatMap(([word, evidence]) =>
        evidence ? [{ word, field: '', evidence: [evidenceView(evidence, anyPlace)] }] : [],
      ),
      ...fields.flatMap(placesOf),
    ],
  };
}

function fieldView({ field, before, after }: FieldChange) {
  const side = (text: string | undefined) => ({
    isSet: text !== undefined,
    text: text === undefined ? 'not set' : cutTo(visible(text), longestText),
  });
  return { field: nameLine(field), before: side(before?.text), after: side(after?.text) };
}

function placesOf({ field, before, after }: FieldChange) {
  return [
    { word: 'Before', told: before },
    { word: 'After', told: after },
  ].flatMap(({ word, told }) =>
    told ? [{ word, field: nameLine(field), evidence: [evidenceView(told.evidence, anyPlace)] }] : [],
  );
}

const lackView = ({ why, things }: Lack) => ({
  why: visibleLine(why),
  things: things.map(({ kind, count }) => `${nameLine(kind)} ×${grouped(count)}`).join(', '),
});

function rulesView(side: string, rules: readonly string[]) {
  return { side, any: rules.length > 0, count: counted(rules.length, 'rule'), names: rules.map(nameLine).join(', ') };
}
