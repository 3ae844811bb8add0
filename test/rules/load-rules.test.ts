// Everything wrong in a rule file is found at load, with its place and a way out.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkRules } from '../../src/rules/load-rules.ts';
import { check, ruleText, vocabulary } from './small-world.ts';

const problemsOf = (body: string): string[] => check(ruleText(body)).problems;
const good = 'given: { container: Container }\nfailsWhen: container.restarts > 5\n';

test('a good rule loads without problems', () => {
  const { rules, problems } = check(ruleText(`${good}catalog: [CPU-001]\nreferences: ['https://example.org/a']`));
  assert.equal(problems, []);
  assert.is(rules[0]?.id, 'some-rule');
  assert.is(rules[0]?.pack, 'pack');
});

test('a rule is plain data that survives being posted', () => {
  const { rules } = check(
    ruleText(`${good}let: { twice: container.restarts * 2 }\nseverity: { default: info, error: twice > 3 }`),
  );
  assert.equal(structuredClone(rules), rules);
});

test('an unknown key is named with the nearest known one', () => {
  assert.equal(problemsOf(`${good}failWhen: true`), [
    'some-rule.yaml:3:1: unknown key "failWhen" in the rule (did you mean "failsWhen"?)',
  ]);
});

test('a missing key is named', () => {
  const { problems } = check(ruleText(good).replace(/^impact:.*$/m, ''));
  assert.equal(problems, ['some-rule.yaml:1:1: missing key "impact" in the rule']);
});

test('unknown fact types and logs are named with the nearest known one', () => {
  assert.equal(
    problemsOf(`
given:
  container: Contaner
  burst: { log: KubletLog, pattern: 'some text' }
failsWhen: true
`),
    [
      'some-rule.yaml:2:14: unknown fact type "Contaner" (did you mean "Container"?)',
      'some-rule.yaml:3:17: unknown log "KubletLog" (did you mean "KubeletLog"?)',
    ],
  );
});

test('an unknown field is found at its character, also in a folded expression', () => {
  assert.equal(
    problemsOf(`
given: { container: Container }
failsWhen: >
  container.ready &&
    container.limits.memoryBites > 3
`),
    ['some-rule.yaml:4:22: Container.limits has no field "memoryBites" (did you mean "memoryBytes"?)'],
  );
});

test('an unknown field is found inside has() and behind .? too', () => {
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: has(container.limits.memory)'), [
    'some-rule.yaml:2:33: Container.limits has no field "memory"',
  ]);
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: container.?limitz.hasValue()'), [
    'some-rule.yaml:2:23: Container has no field "limitz" (did you mean "limits"?)',
  ]);
});

test('an unknown function, a wrong argument and an unknown setting are told apart', () => {
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: container.name.startWith("a")'), [
    'some-rule.yaml:2:12: unknown function "startWith" (did you mean "startsWith"?)',
  ]);
  assert.match(
    problemsOf('given: { container: Container }\nfailsWhen: container.name.startsWith(1)')[0] ?? '',
    'no form of "startsWith" takes string.startsWith(int) (known: string.startsWith(string): bool)',
  );
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: container.restarts > settings.mostRestart'), [
    'some-rule.yaml:2:42: unknown setting "mostRestart" (did you mean "mostRestarts"?)',
  ]);
});

test('a type error is a problem, and so is a condition that is not true or false', () => {
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: container.name > 3'), [
    'some-rule.yaml:2:12: no such overload: string > int',
  ]);
  assert.equal(problemsOf('given: { container: Container }\nfailsWhen: container.name'), [
    'some-rule.yaml:2:12: must be true or false, but gives string',
  ]);
});

test('comparing with null points to has()', () => {
  assert.match(
    problemsOf('given: { container: Container }\nfailsWhen: container.limits == null')[0] ?? '',
    'write has(x.field)',
  );
});

test('a pattern that RE2 refuses is a problem, in expressions and in logs', () => {
  assert.match(
    problemsOf(`given: { container: Container }\nfailsWhen: container.name.matches('(?=a)')`)[0] ?? '',
    'some-rule.yaml:2:35: RE2 refuses the pattern',
  );
  assert.match(
    problemsOf(`given: { container: { log: KubeletLog, pattern: 'a(?!b)' } }\nfailsWhen: 'true'\nsubject: x`)[0] ?? '',
    'some-rule.yaml:1:49: RE2 refuses the pattern',
  );
});

test('a log pattern that could take exponential time, or hits every line, is refused', () => {
  const one = (pattern: string) =>
    problemsOf(`given: { container: { log: KubeletLog, pattern: '${pattern}' } }\nfailsWhen: 'true'\nsubject: x`)[0] ??
    '';
  assert.match(one('(a+)+ failed'), 'a repetition of repetitions or of choices');
  assert.match(one('(a|aa)* failed'), 'a repetition of repetitions or of choices');
  assert.match(one('[[:alpha:]]+ failed'), 'means something else to V8');
  assert.match(one('(failed)?'), 'hits every line');
  assert.is(one('failed (?P<what>[a-z]+)'), '');
});

test('a hint that a hit need not contain is refused', () => {
  const text = (hint: string) =>
    `given: { container: { log: KubeletLog, pattern: 'pod \\S+ failed to start', hint: '${hint}' } }\nfailsWhen: 'true'\nsubject: x`;
  assert.match(problemsOf(text('could not'))[0] ?? '', 'safe hints:  failed to start · pod ');
  assert.equal(problemsOf(text('failed to')), []);
});

test('an expression that begins with an exclamation mark needs quotes, and the message says so', () => {
  assert.match(
    problemsOf('given: { container: Container }\nfailsWhen: !has(container.limits)')[0] ?? '',
    'put quotes around an expression that begins with "!"',
  );
});

test('a text that is not quoted around braces is told to be', () => {
  assert.match(problemsOf(`${good}subject: {{ container.name }}`).join('\n'), 'put quotes around {{ … }}');
});

test('unknown severity and status are named with what is known', () => {
  assert.equal(problemsOf(`${good}severity: eror\nstatus: done`), [
    'some-rule.yaml:3:11: unknown severity "eror" (did you mean "error"?)',
    'some-rule.yaml:4:9: unknown status "done" (one of experimental, stable, deprecated)',
  ]);
});

test('the id must be the file name, in kebab-case, and unique', () => {
  assert.match(problemsOf(`${good}id: other-rule`)[0] ?? '', 'id "other-rule" is not the file name');
  assert.match(problemsOf(`${good}id: Some_Rule`)[0] ?? '', 'is not kebab-case');
  const file = (pack: string) => ({
    file: `rules/${pack}/some-rule.yaml`,
    pack,
    name: 'some-rule',
    text: ruleText(good),
  });
  const { rules, problems } = checkRules([file('a'), file('b')], vocabulary);
  assert.is(rules.length, 1);
  assert.is(problems[0]?.message, 'id "some-rule" is also in a/some-rule.yaml');
});

test('a catalog id has its form', () => {
  assert.match(problemsOf(`${good}catalog: [CPU1]`)[0] ?? '', '"CPU1" has not the form of catalog (e.g. CPU-001)');
});

test('texts are checked: what they interpolate must be writable and must end', () => {
  assert.match(
    problemsOf(`${good}message: a {{ container }}`)[0] ?? '',
    'some-rule.yaml:3:15: Container cannot stand in a text',
  );
  assert.match(problemsOf(`${good}message: a {{ container.nam }}`)[0] ?? '', 'did you mean "name"?');
  assert.match(problemsOf(`${good}message: a {{ container.name`)[0] ?? '', '"{{" without "}}"');
  assert.match(problemsOf(`${good}message: a {{ container.limits.?memoryBytes }}`)[0] ?? '', '.orValue("none")');
});

test('a join key must fit the field it meets', () => {
  const joined = (on: string) => `
given:
  container: Container
  memory: { fact: NodeMemory, on: { ${on} } }
failsWhen: memory.totalBytes > 1
`;
  assert.equal(problemsOf(joined('node: container.node')), []);
  assert.match(
    problemsOf(joined('nodes: container.node'))[0] ?? '',
    'NodeMemory has no field "nodes" (did you mean "node"?)',
  );
  assert.match(
    problemsOf(joined('node: container.restarts'))[0] ?? '',
    '"node" of NodeMemory is string, but the key is int',
  );
  assert.match(problemsOf(joined('node: memory.node'))[0] ?? '', 'unknown name "memory"');
});

test('a join that would compare everything with everything is refused', () => {
  assert.match(
    problemsOf(`
given:
  container: Container
  memory: { fact: NodeMemory, where: memory.totalBytes > container.restarts }
failsWhen: memory.totalBytes > 1
`)[0] ?? '',
    'some-rule.yaml:3:38: every NodeMemory would be compared with every subject (give "memory" a key under "on"',
  );
});

test('names that CEL already has cannot be bound', () => {
  assert.match(problemsOf('given: { int: Container }\nfailsWhen: int.ready\nsubject: x')[0] ?? '', '"int"');
  assert.match(problemsOf(`${good}let: { now: '1' }`)[0] ?? '', 'let "now"');
});

test('evidence names what is bound, and a field that is there', () => {
  assert.match(problemsOf(`${good}evidence: [contaner]`)[0] ?? '', 'did you mean "container"?');
  assert.match(
    problemsOf(`${good}evidence: [container.limit]`)[0] ?? '',
    'some-rule.yaml:3:22: Container has no field "limit"',
  );
});

test('grouping by something no line says is a problem', () => {
  assert.match(
    problemsOf(
      `given: { container: { log: KubeletLog, pattern: 'failed (?P<what>\\w+)', groupBy: [wat] } }\nfailsWhen: 'true'\nsubject: x`,
    )[0] ?? '',
    '"wat" is neither a capture nor a label (did you mean "what"?)',
  );
});

test('hostile files are problems, not crashes', () => {
  for (const text of [
    '',
    '- a',
    '{{{{',
    `${'a: &a [*a]\n'}`,
    'id: __proto__\n__proto__: x\n',
    ruleText(`${good}let: { __proto__: '1' }`),
  ]) {
    assert.ok(check(text).problems.length > 0, text.slice(0, 20));
  }
  assert.ok(check(ruleText(`given: { container: Container }\nfailsWhen: ${'('.repeat(5000)}`)).problems.length > 0);
  assert.ok(check(ruleText(`${good}message: '${'{{ container.name }'.repeat(50)}'`)).problems.length > 0);
});

test.run();
