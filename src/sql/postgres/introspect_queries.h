// The statements of introspection. $1 is the array of the schemas' oids. They run with an empty search_path,
// so that whatever PostgreSQL prints (types, expressions, views) is qualified.
#pragma once

#include <array>
#include <string_view>

namespace tenon::sql::postgres::query {

// $1: names of schemas, $2: all of them.
inline constexpr std::string_view schemas = R"(
select n.oid
from pg_catalog.pg_namespace n
where n.nspname = any($1::text[])
   or ($2::bool and n.nspname <> 'information_schema' and n.nspname <> '_tenon' and n.nspname !~ '^pg_'))";

// Until the end of the transaction. Intervals in expressions are printed as people write them.
inline constexpr std::string_view settings =
    "select pg_catalog.set_config('search_path', '', true), "
    "pg_catalog.set_config('IntervalStyle', 'postgres', true), "
    "pg_catalog.set_config('statement_timeout', '0', true)";

// The others, in the order of their answers.
enum Answer : std::size_t {
  namespaces,
  extensions,
  enums,
  types,
  domain_checks,
  sequences,
  tables,
  columns,
  constraints,
  indexes,
  index_parts,
  answer_count,
};

// Tables and views in scope; partitions and what extensions brought are not.
#define TENON_TABLES_IN_SCOPE                                                                           \
  "tables as materialized (select c.* from pg_catalog.pg_class c where c.relnamespace = any($1::oid[])" \
  " and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and not exists (select from"    \
  " pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"                \
  " and d.objid = c.oid and d.deptype = 'e'))"

// Types of columns in scope, with what they are made of: elements of arrays, bases of domains; and the enums
// and domains of the schemas, used or not.
#define TENON_TYPES_IN_SCOPE                                                                               \
  "used(oid) as (select distinct a.atttypid from tables c join pg_catalog.pg_attribute a on a.attrelid = " \
  "c.oid where a.attnum > 0 and not a.attisdropped"                                                        \
  " union select t.oid from pg_catalog.pg_type t where t.typnamespace = any($1::oid[]) and t.typtype in "  \
  "('e', 'd') and not exists (select from pg_catalog.pg_depend d where d.classid = "                       \
  "'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'e')"                     \
  " union select p.oid from used u join pg_catalog.pg_type t on t.oid = u.oid, lateral (values "           \
  "(t.typelem), (t.typbasetype)) p(oid) where p.oid <> 0)"

inline constexpr std::array<std::string_view, answer_count> all = {
    // namespaces: the schemas, and those of enums and domains used from elsewhere
    "with recursive " TENON_TABLES_IN_SCOPE ", " TENON_TYPES_IN_SCOPE R"(
select n.nspname from pg_catalog.pg_namespace n
where n.oid = any($1::oid[])
   or n.oid in (select t.typnamespace from used u join pg_catalog.pg_type t on t.oid = u.oid
                where t.typtype in ('e', 'd'))
order by n.nspname collate "C")",

    // extensions
    R"(select e.extname, e.extversion, n.nspname
from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
order by e.extname collate "C")",

    // enums: one row for each label
    "with recursive " TENON_TABLES_IN_SCOPE ", " TENON_TYPES_IN_SCOPE R"(
select t.oid, n.nspname, t.typname, e.enumlabel, pg_catalog.obj_description(t.oid, 'pg_type')
from used u
join pg_catalog.pg_type t on t.oid = u.oid and t.typtype = 'e'
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_enum e on e.enumtypid = t.oid
order by t.typname collate "C", n.nspname collate "C", e.enumsortorder)",

    // types
    "with recursive " TENON_TABLES_IN_SCOPE ", " TENON_TYPES_IN_SCOPE R"(
select t.oid, n.nspname, t.typname, t.typtype, case when e.typarray = t.oid then t.typelem else 0 end,
       t.typbasetype, t.typtypmod, t.typndims, t.typnotnull, pg_catalog.pg_get_expr(t.typdefaultbin, 0),
       pg_catalog.format_type(t.oid, null),
       case when t.typbasetype <> 0
            then pg_catalog.format_type(case when be.typarray = b.oid then b.typelem else b.oid end, t.typtypmod) end
from used u
join pg_catalog.pg_type t on t.oid = u.oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_type e on e.oid = t.typelem
left join pg_catalog.pg_type b on b.oid = t.typbasetype
left join pg_catalog.pg_type be on be.oid = b.typelem
order by t.typname collate "C", n.nspname collate "C")",

    // domain_checks
    R"(select k.contypid, pg_catalog.pg_get_constraintdef(k.oid)
from pg_catalog.pg_constraint k
where k.contypid <> 0 and k.contype = 'c'
order by k.conname collate "C")",

    // sequences: free ones and those of serial columns, not those behind identity columns
    R"(select n.nspname, c.relname, s.seqstart, s.seqincrement, d.refobjid, d.refobjsubid
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
  and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
where c.relnamespace = any($1::oid[]) and d.deptype is distinct from 'i'
  and not exists (select from pg_catalog.pg_depend e
                  where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid and e.deptype = 'e')
order by c.relname collate "C", n.nspname collate "C")",

    // tables
    "with " TENON_TABLES_IN_SCOPE R"(
select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence = 'u', c.relrowsecurity, c.reltuples,
       case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end,
       case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end,
       c.relkind <> 'p' and exists (select from pg_catalog.pg_inherits i where i.inhparent = c.oid),
       exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid),
       pg_catalog.obj_description(c.oid, 'pg_class')
from tables c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
order by c.relname collate "C", n.nspname collate "C")",

    // columns
    "with " TENON_TABLES_IN_SCOPE R"(
select a.attrelid, a.attnum, a.attname, a.atttypid,
       pg_catalog.format_type(case when e.typarray = t.oid then t.typelem else t.oid end, a.atttypmod),
       a.atttypmod, a.attndims, a.attnotnull, a.attidentity, a.attgenerated,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid),
       case when a.attcollation <> t.typcollation
            then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end,
       pg_catalog.col_description(a.attrelid, a.attnum)
from tables c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_type e on e.oid = t.typelem
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_collation co on co.oid = a.attcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
order by a.attrelid, a.attnum)",

    // constraints; those that partitions copied from their parent have a parent of their own
    "with " TENON_TABLES_IN_SCOPE R"(
select k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey, k.confdeltype, k.confupdtype,
       k.condeferrable, k.condeferred, k.convalidated, k.conindid,
       case when k.contype in ('c', 'x') then pg_catalog.pg_get_constraintdef(k.oid) end
from tables c
join pg_catalog.pg_constraint k on k.conrelid = c.oid
where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
order by k.conrelid, k.conname collate "C")",

    // indexes
    "with " TENON_TABLES_IN_SCOPE R"(
select i.indrelid, i.indexrelid, x.relname, m.amname, i.indisprimary, i.indisunique, i.indnkeyatts,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid),
       coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false)
from tables c
join pg_catalog.pg_index i on i.indrelid = c.oid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
where i.indislive and (i.indisvalid or x.relkind = 'I') and not i.indisexclusion
order by i.indrelid, not i.indisprimary, x.relname collate "C")",

    // index_parts
    "with " TENON_TABLES_IN_SCOPE R"(
select i.indexrelid, i.indkey[k], i.indoption[k],
       case when i.indkey[k] = 0 then pg_catalog.pg_get_indexdef(i.indexrelid, k + 1, true) end,
       case when not o.opcdefault
            then case when n.nspname in ('pg_catalog', 'public') then '' else pg_catalog.quote_ident(n.nspname) || '.' end
                 || pg_catalog.quote_ident(o.opcname) end,
       case when i.indcollation[k] <> a.attcollation
            then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end
from tables c
join pg_catalog.pg_index i on i.indrelid = c.oid
cross join lateral pg_catalog.generate_series(0, i.indnatts - 1) k
left join pg_catalog.pg_opclass o on o.oid = i.indclass[k]
left join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k]
left join pg_catalog.pg_collation co on co.oid = i.indcollation[k]
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
order by i.indexrelid, k)",
};

#undef TENON_TABLES_IN_SCOPE
#undef TENON_TYPES_IN_SCOPE

}  // namespace tenon::sql::postgres::query
