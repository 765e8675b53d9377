import fc from 'fast-check'
import createKnex, { type Knex } from 'knex'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { comments } from '../../../src/offline/comment.ts'
import { fillPlaceholders } from '../../../src/offline/fill-placeholders.ts'
import { DEFAULT_LITERALS } from '../../../src/offline/literals/literal-options.ts'
import { ScriptFault } from '../../../src/offline/script-fault.ts'
import { splitStatements } from '../../../src/sql/split-statements.ts'
import { COMMENTS, NAMES, noise, STRINGS } from '../../property/random-sql.ts'
import { type DialectName, describeEachDialect, type TestDatabase } from '../../support/databases.ts'

/*
 * Who is right about where a statement ends: the splitter, the server, or the server's own client? For each text all
 * three must give the same. The driver answers with one result for each statement of a text (not on SQLite), and each
 * INSERT of a text that the client runs leaves a row.
 */

/** A text, how many statements it has, and how many rows they leave in `hit`. */
type Sample = readonly [sql: string, statements: number, rows: number]

const HIT = `insert into hit values ('x')`

const COMMON: readonly Sample[] = [
  [`${HIT}; ${HIT} -- ; ${HIT}\n/* ; ${HIT}; */`, 2, 2],
  [`insert into hit values ('a;''b;'); insert into hit values ('--;'); insert into hit values ('/*;')`, 3, 3],
  [`insert into hit values ('\n;\n--\n;'); -- it's\n${HIT}; /* it's\n ; */ ${HIT}`, 3, 3],
  [`insert into hit select 8/*;*//2; insert into hit select 8 - -2;${HIT}`, 3, 3],
]

const SAMPLES: Readonly<Record<DialectName, readonly Sample[]>> = {
  postgresql: [
    ...COMMON,
    [`;; ${HIT};; ; ${HIT}; -- ; ${HIT}`, 2, 2],
    [
      `insert into hit values ('a\\'); insert into hit values (E'a\\';\\\\'); insert into hit values (e'''\\''';')`,
      3,
      3,
    ],
    [
      `insert into hit values ($$a;'b$$); insert into hit values ($a$ $$;$b$; $a$); do $x$ begin ${HIT}; ${HIT}; end $x$`,
      3,
      4,
    ],
    [`insert into hit values (U&'\\0041;'); insert into hit select "a;b" from (select 'x' as "a;b") q`, 2, 2],
    [`/* a /* ; b */ ; */ ${HIT}; insert into hit select 6*/* ; /* ; */ */2; insert into hit select 1 --;\n + 1`, 3, 3],
    [`insert into hit values (E'a;'\n'b;'); insert into hit values (E'a' -- ;\n '\\x41'); ${HIT}`, 3, 3],
    [`insert into hit select a$b$c from (select 'x' as a$b$c) q; insert into hit values ($b$;$b$)`, 2, 2],
    [
      `create function f(begin int default (case when true then 1 end)) returns text begin atomic
         insert into hit values (case when true then 'x' end); select case when true then (select 'y' as "end") end; end;
       insert into hit select f()`,
      2,
      2,
    ],
    [`create or replace procedure p() begin atomic ${HIT}; ${HIT}; end; call p(); ${HIT}`, 3, 3],
    [`create function f() returns int return case when true then 1 end; ${HIT}; drop function f`, 3, 1],
    [
      `create table a (b int); create rule r as on insert to a do also (${HIT}; ${HIT}); insert into a values (1); ${HIT}`,
      4,
      3,
    ],
    [`-- c\r${HIT}; -- d\r ${HIT}`, 2, 2],
    [`insert into hit select (array['a','b','c'])[1:2][1]; insert into hit select 1::text`, 2, 2],
  ],
  mysql: [
    ...COMMON,
    [
      'insert into hit values (\'a\\\';\'); insert into hit values ("b\\";"); insert into hit select `c;` from (select 1 as `c;`) q',
      3,
      3,
    ],
    [`insert into hit select 5--3; # it's ;\n${HIT}; -- it's ;\n${HIT}`, 3, 3],
    [`insert into hit select 1 /*! + 1 */; insert into hit select /*+ ;' */ 'x' /*M! */; /*!50000 ${HIT} */`, 3, 3],
    [`insert into hit select concat(1 /*! , ';' -- it's ;\n */); ${HIT}`, 2, 2],
    [
      `create trigger t before insert on hit for each row set new.a = case new.a when 'x' then 'y' else if(1, 'z', '') end; ${HIT}`,
      2,
      1,
    ],
    [
      `create procedure p(end int) begin
         declare i int default case when true then 1 end; declare done int default 0;
         declare continue handler for not found, sqlstate '99999' begin set done = 1; end;
         declare exit handler for 1062 if done then ${HIT}; end if;
         lab: loop set i = i + 1; if i > 3 then leave lab; elseif if(i, 0, 1) then begin end; else ${HIT}; end if; end loop lab;
         while i > case when 1 then 3 end do set i = i - 1; end while;
         repeat set i = i - 1; until case when i < 0 then 1 else 0 end end repeat;
         case when i < 0 then ${HIT}; else case i when 1 then select 1; else begin end; end case; end case;
         begin declare begin, start int default 0; set begin = 1; ${HIT}; end;
       end; call p(1); ${HIT}; drop procedure p`,
      4,
      5,
    ],
    [
      `create table a (begin int, end int); create trigger t before insert on a for each row if new.end then set new.end = case when new.begin > 1 then new.end else 5 end; ${HIT}; end if; insert into a values (1, 2); ${HIT}`,
      4,
      2,
    ],
    [
      `create function f() returns int deterministic return if(1, 2, 3); insert into hit select f(); drop function f`,
      3,
      1,
    ],
    [
      `create function f(e enum('begin', ';')) returns varchar(9) character set utf8mb4 no sql comment 'begin;' begin return repeat(e, 2); end; insert into hit select f(';'); drop function f`,
      3,
      1,
    ],
    [
      `create event e on schedule every 1 day disable do begin ${HIT}; ${HIT}; end; alter event e do begin select 1; end; drop event e; ${HIT}`,
      4,
      1,
    ],
  ],
  sqlite: [
    ...COMMON,
    [
      'insert into hit select [a;\'b] from (select 1 as [a;\'b]); insert into hit select `c;"` from (select 2 as `c;"`)',
      2,
      2,
    ],
    [
      `create table a (b, end); create temp trigger t after insert on a when case when new.b then 1 end begin
         insert into hit select case when new.end then 'x' end; delete from a where end = 9; -- ; end;
       /* ; */ END; insert into a values (1, 2); ${HIT}`,
      4,
      2,
    ],
    [
      `insert into hit values ('\n.quit\n'); insert into hit values ('\n/\n'); insert into hit values ('\ngo\n');`,
      3,
      3,
    ],
    [`insert into hit select 8\n/\n2;\ninsert into hit select 1 as\n go \n;\n${HIT}`, 3, 3],
    [`insert into hit select 7 -- c\n/ -- ; d\n2; ${HIT}`, 2, 2],
  ],
}

/** MariaDB alone knows these. */
const MARIADB: readonly Sample[] = [
  [`begin not atomic ${HIT}; begin ${HIT}; end; end; ${HIT}`, 2, 3],
  [`if (select 1) then ${HIT}; else select 1; end if; ${HIT}`, 2, 2],
  [`create procedure p() for i in 1..3 do ${HIT}; end for; call p(); ${HIT}; drop procedure p`, 4, 4],
]

/** Texts with which the client shows the word `trapped`. */
const TRAPS: Readonly<Record<DialectName, readonly string[]>> = {
  postgresql: [
    'select 1 \\echo trapped',
    '-- c\n\\echo trapped',
    "copy hit from stdin;\n\\.\nselect 'trapped'",
    "select E'a'\n'b\\' \\echo trapped\n; --'",
    'create function begin() returns int return 1;\n\\echo trapped',
  ],
  mysql: [
    'select 1 \\! echo trapped',
    'system echo trapped',
    '/* c */\nsystem echo trapped',
    '# c\nsystem echo trapped;',
  ],
  sqlite: [
    '.print trapped',
    '-- c\n.print trapped',
    '/* c\n*/\n.print trapped',
    "#select 1\nselect 'trapped'",
    "select 'trapped' || quote(:a)",
  ],
}

/** Statements that leave one row with a 4 in it, but not when the client reads them as they are written. */
const DISGUISED: Readonly<Record<DialectName, { before: string; sql: string }>> = {
  postgresql: {
    before: '\\set x 9\n',
    sql: 'insert into hit select array_to_string((array[3, 4])[x:x], $$$$) from (select 1 as y, 2 as x) q',
  },
  mysql: { before: '', sql: 'create procedure p() begin insert into hit values (4); end; call p(); drop procedure p' },
  sqlite: { before: '', sql: 'insert into hit select go\nfrom (select cast(8\n/\n2 as text) as\ngo\n)' },
}

const statementsOf = (sql: string, dialect: DialectName) => fillPlaceholders(sql, [], dialect, DEFAULT_LITERALS)

/** What a client is given: each statement by itself. */
function scriptOf(sql: string, dialect: DialectName): string {
  return statementsOf(sql, dialect)
    .map((statement) =>
      dialect === 'mysql' && statement.hasBody
        ? `DELIMITER $$\n${statement.sql}\n$$\nDELIMITER ;\n`
        : `${statement.sql}\n;\n`,
    )
    .join('')
}

const rowsOf = async (db: TestDatabase): Promise<number> => (await db.knex()('hit')).length

describeEachDialect('a text of several statements', (db) => {
  const knex: { several?: Knex } = {}
  const several = (): Knex => {
    const config = db.knexConfig()
    const connection = Object.assign({}, config.connection, db.dialect === 'mysql' ? { multipleStatements: true } : {})
    knex.several ??= createKnex({ ...config, connection })
    return knex.several
  }
  afterAll(() => knex.several?.destroy())
  const recreate = async (): Promise<void> => {
    await db.empty()
    await db.knex().schema.createTable('hit', (table) => void table.text('a'))
  }
  beforeEach(recreate)

  const check = async ([sql, statements, rows]: Sample): Promise<void> => {
    expect(splitStatements(sql, db.dialect), sql).toHaveLength(statements)
    if (db.dialect !== 'sqlite') {
      const answer = await several().raw(sql)
      const results: unknown[] = db.dialect === 'mysql' ? answer[0] : answer
      expect(results, sql).toHaveLength(statements)
      expect(await rowsOf(db), sql).toBe(rows)
      await recreate()
    }
    const ran = await db.client(scriptOf(sql, db.dialect))
    expect(ran.stderr, sql).toBe('')
    expect(await rowsOf(db), sql).toBe(rows)
  }

  test.each(SAMPLES[db.dialect])('is split as it is run: %s', async (...sample) => {
    await check(sample)
  })

  test.each(db.dialect === 'mysql' ? MARIADB : [])('is split as it is run, on MariaDB: %s', async (...sample) => {
    const [[row]] = await db.knex().raw('select version() as version')
    if (/mariadb/i.test(row.version)) await check(sample)
    else expect(splitStatements(sample[0], db.dialect)).toHaveLength(sample[1])
  })

  test('as a client is given it is split as the client splits it', async () => {
    const text = SAMPLES[db.dialect]
      .slice(0, COMMON.length)
      .map(([sql]) => `${sql}\n;\n`)
      .join('')
    const ran = await db.client(text)

    expect(ran.stderr).toBe('')
    expect(await rowsOf(db)).toBe(splitStatements(text, db.dialect).length)
  })

  if (db.dialect === 'mysql') {
    const text = `-- a dump\nDELIMITER //\ncreate procedure p()\nbegin\n  ${HIT};\n  ${HIT};\nend //\n${HIT}; ${HIT};//\n delimiter ;\ncall p();\n${HIT};\ndrop procedure p;`

    test('with DELIMITER lines is nothing that a driver takes', async () => {
      await expect(several().raw(text)).rejects.toMatchObject({ code: 'ER_PARSE_ERROR' })
    })

    test('with DELIMITER lines is run by the client as it is split', async () => {
      const original = await db.client(text)
      expect(original.stderr).toBe('')
      expect(await rowsOf(db)).toBe(5)
      await recreate()

      expect(statementsOf(text, 'mysql')).toHaveLength(6)
      const ran = await db.client(scriptOf(text, 'mysql'))

      expect(ran.stderr).toBe('')
      expect(await rowsOf(db)).toBe(5)
    })
  }

  test('of quotes and comments that hold anything is run by the client as it is split', async () => {
    const quoted = (quotes: readonly ((text: string) => string)[], text = noise) =>
      fc.tuple(fc.constantFrom(...quotes), text).map(([quote, inside]) => quote(inside))
    const settings = db.dialect === 'mysql' ? 'set names utf8mb4;\n' : ''
    const comment = quoted(COMMENTS[db.dialect])
    // Names are short, hold no characters of four bytes, and end in no space.
    const name = quoted(
      NAMES[db.dialect],
      noise.map((text) => `x${text.replace(/[^\0-\x7f]/g, '').slice(0, 40)}x`),
    )
    const statement = fc
      .tuple(comment, comment, quoted(STRINGS[db.dialect]), name, comment)
      .map(
        ([first, second, text, alias, last]) => `${first} insert into hit ${second} select ${text} as ${alias} ${last}`,
      )
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 20 }), async (statements) => {
        await db.knex()('hit').delete()
        const ran = await db.client(`${settings}${scriptOf(statements.join(';\n'), db.dialect)}`)
        expect(ran).toMatchObject({ code: 0, stdout: '' })
        expect(await rowsOf(db)).toBe(statements.length)
      }),
      { numRuns: 40 },
    )
  })

  test.each(TRAPS[db.dialect])('that the client takes for a command of its own is refused: %j', async (sql) => {
    const ran = await db.client(`${sql}\n`)
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/trapped/)

    expect(() => scriptOf(sql, db.dialect)).toThrow(ScriptFault)
  })

  test('means the same to the client where its signs mean something else to it', async () => {
    const { before, sql } = DISGUISED[db.dialect]
    expect((await db.client(`${before}${sql};\n`)).code === 0 && (await rowsOf(db)) === 1).toBe(false)
    await db.knex()('hit').delete()

    const ran = await db.client(`${before}${scriptOf(sql, db.dialect)}`)

    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(await db.knex()('hit').pluck('a')).toEqual(['4'])
  })

  test('and a comment before it is one line, whatever a message holds', async () => {
    const hostile = [
      '\n; drop table hit;\n',
      '\r drop table hit; \u2028 drop table hit; \u0085',
      '*/ drop table hit; /*',
      '\' " ` $$ [ ( begin',
      '\\! drop \\q \\c \\g',
      '\n\\q\n.quit\n.exit\nexit\nquit\n\\c\n',
      '\nDELIMITER //\nsource x\nsystem false\n',
      '\0 drop table hit;\0',
      '\v\f\b\x1b[2K drop table hit;',
    ]
    const script = hostile.map((message) => `${comments(message)}\n${HIT};\n`).join('')

    const ran = await db.client(script)

    expect(ran.stderr).toBe('')
    expect(await rowsOf(db)).toBe(hostile.length)
  })
})
