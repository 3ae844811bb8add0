// Likely root causes as the page shows them: first of all, each with its steps; and at each effect a way back to its cause.

import { subjectAnchor } from './html-finding.ts';
import { causesById, type LikelyCause, likelyCauses, type Step } from './likely-causes.ts';
import type { Report, ReportFinding } from './report.ts';
import { counted, grouped } from './wording.ts';

const maxOpen = 3;
const maxListed = 100;
const maxSubjects = 3;
const maxSteps = 3;

/** `report` gives its groups; nothing is to be decided in the template. */
export function causesView(report: Report) {
  const causes = likelyCauses(report);
  const explained = causes.reduce((sum, cause) => sum + cause.explained, 0);
  const alone = report.findings.length - explained - causes.reduce((sum, { findings }) => sum + findings.length, 0);
  const views = causes.slice(0, maxListed).map(causeView);
  const further = views.slice(maxOpen);
  return {
    any: causes.length > 0,
    count: grouped(causes.length),
    sentence: `${counted(explained, 'finding')} of ${grouped(report.findings.length)} likely ${explained === 1 ? 'follows' : 'follow'} from ${causes.length === 1 ? 'this one' : 'these'}${alone > 0 ? `; ${grouped(alone)} ${alone === 1 ? 'stands' : 'stand'} alone` : ''}.`,
    first: views.slice(0, maxOpen),
    further,
    anyFurther: further.length > 0,
    furtherCount: counted(causes.length - Math.min(maxOpen, views.length), 'further likely cause'),
    start: maxOpen + 1,
    more: causes.length > maxListed ? `${counted(causes.length - maxListed, 'cause')} more in report.json.` : '',
  };
}

function causeView({ severity, findings, alike, steps, explained }: LikelyCause) {
  const [head] = findings;
  const [first, hidden] = [steps.slice(0, maxSteps), steps.slice(maxSteps)];
  return {
    severity,
    severityWord: { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Note' }[severity],
    title: head.title,
    href: hrefOf(head),
    subjects: findings.slice(0, maxSubjects).map((finding) => ({ href: hrefOf(finding), subject: finding.subject })),
    moreSubjects:
      findings.length > maxSubjects ? `and ${counted(findings.length - maxSubjects, 'further subject')}` : '',
    alike: alike > 0 ? `${counted(alike, 'further subject')} without effects in this bundle` : '',
    explains: counted(explained, 'finding'),
    message: findings.length === 1 ? head.message : '',
    steps: first.map((step) => stepView(step, head)),
    anyHidden: hidden.length > 0,
    hiddenCount: counted(hidden.length, 'further step'),
    hidden: hidden.map((step) => stepView(step, head)),
  };
}

function stepView({ from, why, effects }: Step, head: ReportFinding) {
  return {
    // A step of the cause itself needs no name.
    from: from.rule === head.rule ? '' : from.title,
    why,
    effects: effects.map(({ head: effect, findings }) => ({
      severity: effect.severity,
      title: effect.title,
      href: hrefOf(effect),
      subject: findings.length === 1 ? effect.subject : '',
      times: findings.length === 1 ? '' : grouped(findings.length),
    })),
  };
}

const hrefOf = (finding: ReportFinding): string => `#${subjectAnchor(finding.id)}`;

interface Subject {
  readonly id: string;
}

/** The entries of the findings, each with its likely cause. */
export function withCauses<
  S extends Subject,
  R extends Subject,
  G extends { readonly shown: readonly S[]; readonly rows: readonly R[] },
>(groups: readonly G[], report: Report) {
  const causes = new Map([...causesById(report)].map(([id, cause]) => [subjectAnchor(id), cause]));
  const causedBy = ({ id }: Subject) => {
    const known = causes.get(id);
    if (!known) return [];
    const { title, subject } = known.cause;
    return [{ href: hrefOf(known.cause), title, subject, why: known.why }];
  };
  return groups.map((group) => ({
    ...group,
    shown: group.shown.map((each) => ({ ...each, causedBy: causedBy(each) })),
    rows: group.rows.map((each) => ({ ...each, causedBy: causedBy(each) })),
  }));
}
