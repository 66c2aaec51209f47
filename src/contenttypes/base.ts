import { CharField, Model } from "../index.ts";
import type { Options } from "../models/options.ts";

/** The table of content types, before the class has its methods. */
export const ContentTypeBase = Model(
  "contenttypes.ContentType",
  {
    app_label: CharField({ maxLength: 100 }),
    model: CharField({ maxLength: 100, verboseName: "python model class name" }),
  },
  {
    verboseName: "content type",
    verboseNamePlural: "content types",
    dbTable: "django_content_type",
    uniqueTogether: [["app_label", "model"]],
  },
);

/** The `_meta` of content types. */
export const contentTypes: Options = (ContentTypeBase as unknown as { _meta: Options })._meta;
