// An adapter's own settings: how its schema is asked whether they are right, and what it says of them. The schema may
// be of a vendor's own copy of zod, or of any library that keeps to Standard Schema, so only that interface is relied
// upon.
import { z } from 'zod';
import { ConfigurationError } from './errors.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
type Validated = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

/** https://standardschema.dev: zod's schemas have it, those of version 3.24 and later. */
export interface SettingsSchema {
  readonly '~standard': { validate(value: unknown): Validated | Promise<Validated> };
}

export type Settings = Readonly<Record<string, unknown>>;

/** A setting as a schema describes it, for help. */
export interface SettingDescription {
  readonly name: string;
  readonly says: string;
  readonly required: boolean;
  /** `string`, `number`, or the values that it takes. */
  readonly type: string;
  /**
   * It has an option of its own on the command line: the mark `flag` in the schema's meta data, for built-in adapters
   * only.
   */
  readonly flag: boolean;
  /** It is the path of a file: the mark `path`. */
  readonly path: boolean;
}

interface Property {
  readonly flag?: boolean;
  readonly path?: boolean;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
}

/** The settings that a schema names; empty for a schema that cannot say. */
export function settingsOf(schema: SettingsSchema | undefined): SettingDescription[] {
  if (schema === undefined) return [];
  try {
    const { properties = {}, required = [] } = z.toJSONSchema(schema as unknown as z.ZodType, {
      io: 'input',
      unrepresentable: 'any',
    }) as { readonly properties?: Readonly<Record<string, Property>>; readonly required?: readonly string[] };
    return Object.entries(properties).map(([name, { description, type, enum: values, flag, path }]) => ({
      name,
      flag: flag === true,
      path: path === true,
      says: description ?? '',
      required: required.includes(name),
      type: values?.join(' | ') ?? type ?? 'any value',
    }));
  } catch {
    // Of another version of zod, or of another library: the names may be there all the same.
    const { shape } = schema as { readonly shape?: object };
    return Object.keys(shape ?? {}).map((name) => ({
      name,
      says: '',
      required: false,
      type: 'any value',
      flag: false,
      path: false,
    }));
  }
}

const keyOf = (step: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof step === 'object' ? step.key : step);
const memberOf = ({ path }: Issue): string | undefined => (path?.[0] === undefined ? undefined : keyOf(path[0]));

/** A command line has texts only: those that the schema refuses and that are JSON are taken for what they stand for. */
function readTexts(given: Settings, issues: readonly Issue[]): Settings {
  const refused = new Set(issues.map(memberOf));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (typeof value !== 'string' || !refused.has(name)) return [name, value];
      try {
        return [name, JSON.parse(value) as unknown];
      } catch {
        return [name, value];
      }
    }),
  );
}

/**
 * The settings as the adapter takes them: checked, with defaults. Without a schema they are passed on as they were
 * given.
 *
 * @throws ConfigurationError that names each wrong setting, before anything is opened
 */
export async function checkSettings(
  { name, settings: schema }: { readonly name: string; readonly settings?: SettingsSchema | undefined },
  given: Settings,
): Promise<Settings> {
  if (schema === undefined) return given;
  const validate = async (settings: Settings): Promise<Validated> => schema['~standard'].validate(settings);
  const first = await validate(given);
  const validated = first.issues === undefined ? first : await validate(readTexts(given, first.issues));
  if (validated.issues === undefined) return validated.value as Settings;
  const known = settingsOf(schema);
  const wrong = validated.issues.map((issue) => {
    const path = (issue.path ?? []).map(keyOf).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  const members = [...new Set(validated.issues.map(memberOf))].filter((member) => member !== undefined);
  const hints = members.flatMap((member) => {
    const found = known.find((setting) => setting.name === member);
    const says = found === undefined || found.says === '' ? '' : `: ${found.says}`;
    return [
      `Give it with ${found?.flag === true ? `--${member} VALUE` : `--set ${member}=VALUE`}, or under \`settings\` ` +
        `in the configuration${says}.`,
    ];
  });
  throw new ConfigurationError(`the settings of the provider ${name} are wrong: ${wrong.join('; ')}`, {
    hint:
      hints.length > 0
        ? hints.join(' ')
        : known.length === 0
          ? 'It takes none.'
          : `It takes ${known.map((setting) => setting.name).join(', ')}.`,
  });
}
