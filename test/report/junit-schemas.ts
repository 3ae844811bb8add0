// What the two schemas in common use ask of a JUnit file: that of Ant (windyroad/JUnit-Schema) and that of the xUnit plugin
// of Jenkins (junit-10.xsd), in our own words. What fits both opens everywhere.

import type { PageElement } from './read-page.ts';
import { elementsOf } from './read-page.ts';

interface Form {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Children in this order; with `?` there may be none, with `*` any number, with `|` one of them. */
  readonly children: RegExp;
}

const result: Form = { required: ['type'], optional: ['message'], children: /^$/ };
const forms: Readonly<Record<string, Form>> = {
  testsuites: { required: [], children: /^(?:testsuite )*$/ },
  testsuite: {
    required: ['id', 'name', 'package', 'timestamp', 'hostname', 'tests', 'failures', 'errors', 'time'],
    optional: ['skipped'],
    children: /^properties (?:testcase )*system-out system-err $/,
  },
  properties: { required: [], children: /^(?:property )*$/ },
  property: { required: ['name', 'value'], children: /^$/ },
  testcase: { required: ['name', 'classname', 'time'], children: /^(?:(?:skipped|error|failure) )?$/ },
  failure: result,
  error: result,
  skipped: { required: [], optional: ['type', 'message'], children: /^$/ },
  'system-out': { required: [], children: /^$/ },
  'system-err': { required: [], children: /^$/ },
};
const values: Readonly<Record<string, RegExp>> = {
  id: /^\d+$/,
  tests: /^\d+$/,
  failures: /^\d+$/,
  errors: /^\d+$/,
  skipped: /^\d+$/,
  time: /^\d+(?:\.\d+)?$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/,
  hostname: /./,
};
const named = ['testsuite', 'property'];

const childrenOf = ({ children }: PageElement): PageElement[] =>
  children.filter((child): child is PageElement => typeof child !== 'string');

/** Complaints about a file; a bundle that does not tell when it was gathered may lack the timestamp. */
export function junitComplaints(root: PageElement, isDated = true): string[] {
  const [top] = childrenOf(root);
  if (top?.name !== 'testsuites' || childrenOf(root).length !== 1) return [`the root is ${top?.name}`];
  return [top, ...elementsOf(top)].flatMap((element) => {
    const form = forms[element.name];
    if (!form) return [`<${element.name}> is in no schema`];
    const required = form.required.filter((name) => isDated || name !== 'timestamp');
    const names = [...element.attributes.keys()];
    const inside = childrenOf(element).map(({ name }) => `${name} `);
    return [
      ...required.filter((name) => !names.includes(name)).map((name) => `<${element.name}> has no ${name}`),
      ...names
        .filter((name) => ![...form.required, ...(form.optional ?? [])].includes(name))
        .map((name) => `<${element.name}> may not have ${name}`),
      ...names
        .filter((name) => values[name]?.test(element.attributes.get(name) ?? '') === false)
        .map((name) => `<${element.name} ${name}="${element.attributes.get(name)}">`),
      ...(form.children.test(inside.join('')) ? [] : [`<${element.name}> holds ${inside.join('')}`]),
      ...(named.includes(element.name) && element.attributes.get('name') === ''
        ? [`<${element.name}> without name`]
        : []),
    ];
  });
}
