// The form in which own functions are handed to CEL: signatures with Kubernetes' names, plain handlers that throw on bad input.

export interface CelFunction {
  /** `name(int): bool`, or `string.name(int): bool` for a method. */
  readonly signature: string;
  readonly doc: string;
  // biome-ignore lint/suspicious/noExplicitAny: the type checker of CEL guarantees the arguments
  readonly handler: (...args: any[]) => unknown;
}

export interface CelOperator {
  /** `int * double`. */
  readonly signature: string;
  // biome-ignore lint/suspicious/noExplicitAny: the type checker of CEL guarantees the arguments
  readonly handler: (left: any, right: any) => unknown;
}

/** A type of ours that CEL holds without looking inside. */
export interface CelType {
  readonly name: string;
  readonly ctor: new (...args: never[]) => object;
  /** The one value of a type that only gathers functions: `math` in `math.least(…)`. */
  readonly constant?: { readonly name: string; readonly value: object };
}

export interface FunctionTable {
  readonly types?: readonly CelType[];
  readonly functions: readonly CelFunction[];
  readonly operators?: readonly CelOperator[];
}

// biome-ignore lint/suspicious/noExplicitAny: see CelFunction
export const define = (signature: string, doc: string, handler: (...args: any[]) => unknown): CelFunction => ({
  signature,
  doc,
  handler,
});
