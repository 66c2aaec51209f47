/** Statistics of pairs of numbers. Django: django.contrib.postgres, "Aggregate functions for statistics". */
import { ValueError } from "../../errors.ts";
import { Aggregate } from "../../expressions/aggregates.ts";
import { FLOAT, INTEGER } from "../../expressions/types.ts";
import type { Field } from "../../fields/field.ts";

/** A function of a dependent value and the one that it depends on. */
abstract class StatAggregate extends Aggregate {
  static override readonly outputField: Field = FLOAT;

  constructor(y: unknown, x: unknown, options: object = {}) {
    if (!x || !y) throw new ValueError("Both y and x must be provided.");
    super(y, x, options);
  }
}

export class Corr extends StatAggregate {
  static override readonly function: string = "CORR";
}

export class CovarPop extends StatAggregate {
  constructor(y: unknown, x: unknown, options: { sample?: boolean } = {}) {
    const { sample = false, ...rest } = options;
    super(y, x, { function: sample ? "COVAR_SAMP" : "COVAR_POP", ...rest });
  }
}

export class RegrAvgX extends StatAggregate {
  static override readonly function: string = "REGR_AVGX";
}

export class RegrAvgY extends StatAggregate {
  static override readonly function: string = "REGR_AVGY";
}

export class RegrCount extends StatAggregate {
  static override readonly function: string = "REGR_COUNT";
  static override readonly outputField: Field = INTEGER;
  static override readonly emptyResultSetValue: unknown = 0;
}

export class RegrIntercept extends StatAggregate {
  static override readonly function: string = "REGR_INTERCEPT";
}

export class RegrR2 extends StatAggregate {
  static override readonly function: string = "REGR_R2";
}

export class RegrSlope extends StatAggregate {
  static override readonly function: string = "REGR_SLOPE";
}

export class RegrSXX extends StatAggregate {
  static override readonly function: string = "REGR_SXX";
}

export class RegrSXY extends StatAggregate {
  static override readonly function: string = "REGR_SXY";
}

export class RegrSYY extends StatAggregate {
  static override readonly function: string = "REGR_SYY";
}
