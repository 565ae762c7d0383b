import type { Dto, PublishImage } from '../../../uforge/dto.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { PlatformError } from '../platformError.ts';
import { jsonOf } from '../platformHttp.ts';
import type { PlatformContext } from '../publisher.ts';

type Account = Dto<'CredAccountOpenStack'>;

/** A login that has been let in. */
export interface Session {
  /** Headers of a request that is made with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where a service of that type is, for everybody; undefined when the catalog has none. */
  readonly endpoint: (type: string) => URL | undefined;
}

/** Which project the login is for. */
export interface Scope {
  readonly project: string;
  readonly domain: string;
}

/** OpenStack's own tools read Keystone's address from it; accounts for K5 have no field for one. */
const authVariable = 'OS_AUTH_URL';

/** The project that is asked for; a tenant is what projects were called before Keystone v3, in the domain “default”. */
export function scopeOf(request: PublishImage): Scope {
  const { keystoneDomain, keystoneProject, tenantName } = request as Dto<'PublishImageOpenStack'>;
  const project = keystoneProject ?? tenantName ?? '';
  if (project === '') {
    throw new PlatformError('Say in keystoneProject (or tenantName) which project the image is for.');
  }
  return { project, domain: keystoneDomain ?? '' };
}

/** Keystone v3, which every OpenStack since 2018 has and none without: v2.0 is no more. @param scope none: no project */
export async function logIn(context: PlatformContext, scope?: Scope): Promise<Session> {
  const { login = '', password = '' } = (context.account ?? {}) as Account;
  const url = identityUrl(context, 'auth/tokens');
  const domain = domainOf(scope?.domain ?? '');
  const auth = {
    identity: { methods: ['password'], password: { user: { name: login, domain, password } } },
    scope: scope === undefined ? 'unscoped' : { project: { name: scope.project, domain } },
  };
  const answer = await context.http
    .send({
      ...{ method: 'POST', url, to: 'log in' },
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ auth })),
      signal: context.signal,
    })
    .catch((error: unknown) => {
      if (scope === undefined || !(error instanceof PlatformError) || error.status !== 401) throw error;
      throw new PlatformError(
        `${url.host} does not let the account into the project “${scope.project}”${scope.domain === '' ? '' : ` of the domain “${scope.domain}”`}: one of login, password and these names is wrong.`,
        { status: 401, ...(error.detail !== undefined && { detail: error.detail }) },
      );
    });
  const token = answer.headers['x-subject-token'];
  if (token === undefined) throw new PlatformError(`${url.host} is no Keystone: it gives no token.`);
  const catalog = catalogOf(jsonOf(answer));
  return {
    headers: { 'x-auth-token': token },
    endpoint: (type) => URL.parse(catalog.get(type) ?? '') ?? undefined,
  };
}

/** The projects the account is a member of. */
export async function projectsOf(
  context: PlatformContext,
): Promise<readonly { readonly id: string; readonly name: string; readonly description: string }[]> {
  const { headers } = await logIn(context);
  const answer = await context.http.send({
    ...{ method: 'GET', url: identityUrl(context, 'auth/projects'), to: 'list projects' },
    ...{ headers, signal: context.signal },
  });
  const body = jsonOf(answer);
  const projects = isRecord(body) && Array.isArray(body['projects']) ? (body['projects'] as unknown[]) : [];
  return projects.filter(isRecord).map(({ id, name, description }) => ({
    id: String(id),
    name: String(name),
    description: typeof description === 'string' ? description : '',
  }));
}

function identityUrl({ account, env }: PlatformContext, path: string): URL {
  const { keystoneUrl } = (account ?? {}) as Account;
  const asked = (keystoneUrl ?? env[authVariable] ?? '').trim();
  const base = URL.parse(/^https?:\/\//.test(asked) ? asked : `https://${asked}`);
  if (asked === '' || base === null) {
    throw new PlatformError(
      account?.$type === 'CredAccountK5'
        ? `An account for K5 has no address of Keystone: name it in ${authVariable} where the forge is started.`
        : 'The account does not say in keystoneUrl where Keystone is, for example https://keystone.example.com:5000.',
    );
  }
  base.pathname = `${base.pathname.replace(/\/(?:v2\.0|v3)?\/*$/, '')}/v3/${path}`;
  return base;
}

/** The domain “default” is called “Default”: what is meant is its id. */
function domainOf(domain: string): { readonly id: string } | { readonly name: string } {
  return domain === '' || domain === 'default' ? { id: 'default' } : { name: domain };
}

/** Public addresses by the types of services. */
function catalogOf(body: unknown): ReadonlyMap<string, string> {
  const token = isRecord(body) ? body['token'] : undefined;
  const { catalog = [] } = (isRecord(token) ? token : {}) as {
    readonly catalog?: readonly {
      readonly type: string;
      readonly endpoints: readonly { readonly interface: string; readonly url: string }[];
    }[];
  };
  return new Map(
    catalog.flatMap(({ type, endpoints }) => {
      const url = endpoints.find((each) => each.interface === 'public')?.url;
      return url === undefined ? [] : [[type, url] as const];
    }),
  );
}
