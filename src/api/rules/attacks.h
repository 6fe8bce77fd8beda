// Documents that try to learn or change what the attacker of attack_dbtest.cpp may not see.
#pragma once

#include <cstdint>
#include <string_view>

namespace tenon::api {

struct Attack {
  enum class Aim : std::uint8_t {
    everything,  // the answer is the same whatever is hidden, and whether anything is
    // The answer is the same whatever is hidden. That a key is taken, or a row referred to, cannot be hidden
    // from who may write it: the database's own constraints tell (docs/authorization.md).
    values,
    guess,  // the same, and it names a hidden key: that it is right is told, nothing else
  };
  std::string_view text;
  Aim aim = Aim::everything;
};

// TOKEN is a nextToken that was made for somebody who sees all notes, PINTOKEN one of an order by `pin`.
inline constexpr Attack reading_attacks[] = {
    // Patterns that fail for some texts alone
    {"{ listNotes(filter: { title: { like: \"SECRET\\\\\" } }) { items { id } } }"},
    {"{ listNotes(filter: { title: { like: \"SECRET 3\\\\\" } }) { items { id } } }"},
    // Rows by key, one by one and several at once
    {"{ getNote(id: 3) { id title body } }"},
    {"{ getNote(id: 9999) { id title body } }"},
    {"{ getNote(id: 2) { id title secret } }"},
    {"{ getNote(id: 2) { id title pin } }"},
    {"{ getNote(id: 1) { id pin secret } }"},
    {"{ a: getNote(id: 1) { title } b: getNote(id: 3) { title } c: getNote(id: 4) { title } }"},
    {"{ x: getNote(id: 3) { ...F } y: getNote(id: 2) { ...F } } fragment F on Note { id title pin secret }"},
    {"query Q($i: Int! = 4) { getNote(id: $i) { ... on Note { title body grade } } }"},
    {"query Q($b: Boolean! = true) { getNote(id: 2) { id pin @include(if: $b) secret @skip(if: false) } }"},
    {"{ getNote(id: 1) { s1: secret s2: secret p: pin } }"},
    // Lists, pages, counts
    {"{ listNotes { items { id title body grade status owner team tenant } nextToken } }"},
    {"{ listNotes(limit: 1) { items { id } nextToken } }"},
    {"{ listNotes(limit: 2) { items { id } nextToken } }"},
    {"{ listNotes(limit: 1, offset: 1) { items { id } nextToken totalCount } }"},
    {"{ listNotes(offset: 2) { items { id title } nextToken totalCount } }"},
    {"{ listNotes { totalCount } }"},
    {"{ listNotes { totalCount(atMost: 3) } }"},
    {"{ listNotes { items { id } totalCount estimatedCount } }"},
    {"{ listNotes { items { id pin secret } } }"},
    {"{ listNotes(id: 3) { items { id title } totalCount } }"},
    {"{ listNotes(sortDirection: DESC) { items { id } nextToken } }"},
    {"{ listNotes(sortDirection: DESC, limit: 1) { items { id } nextToken } }"},
    {"{ listNotes(nextToken: \"TOKEN\") { items { id title } nextToken totalCount } }"},
    {"{ listNotes(nextToken: \"TOKEN\", limit: 1) { items { id } nextToken } }"},
    {"{ listNotes(orderBy: [{ pin: ASC }], nextToken: \"PINTOKEN\") { items { id } } }"},
    {"{ listNotes(nextToken: \"PINTOKEN\") { items { id } } }"},
    // Filters on hidden rows
    {"{ listNotes(filter: { title: { beginsWith: \"S\" } }) { items { id } totalCount } }"},
    {"{ listNotes(filter: { title: { contains: \"E\" } }) { totalCount } }"},
    {"{ listNotes(filter: { or: [{ id: { eq: 3 } }, { id: { eq: 1 } }] }) { items { id } } }"},
    {"{ listNotes(filter: { not: { tenant: { eq: \"t1\" } } }) { items { id title } } }"},
    {"{ listNotes(filter: { or: [{}, { id: { gt: 0 } }] }) { items { id title } } }"},
    {"{ listNotes(filter: { not: { not: { id: { ge: 3 } } } }) { items { id title } } }"},
    {"{ listNotes(filter: { owner: { ne: \"s1::ada\" } }) { items { id title } totalCount } }"},
    {"{ listNotes(filter: { id: { in: [3, 4, 5] } }) { items { id title } totalCount } }"},
    {"{ listNotes(filter: { id: { between: [3, 5] } }) { items { id } aggregate { count } } }"},
    {"{ listNotes(filter: { compare: { title: { ne: body } } }) { items { id } } }"},
    {"{ listNotes(filter: { or: [{ and: [] }, { not: { or: [] } }] }) { items { id } } }"},
    {"{ listNotes(filter: { or: [{ id: { gt: 2 } }, { and: [{ id: { eq: 2 } }, { title: { gt: \"a\" } }] }] "
     "}) "
     "{ items { id } } }"},
    // Filters and orders on hidden columns
    {"{ listNotes(filter: { secret: { beginsWith: \"SECRET\" } }) { items { id } } }"},
    {"{ listNotes(filter: { secret: { attributeExists: true } }) { items { id } } }"},
    {"{ listNotes(filter: { secret: { size: { gt: 4 } } }) { items { id } } }"},
    {"{ listNotes(filter: { pin: { gt: 500 } }) { items { id } } }"},
    {"{ listNotes(filter: { not: { pin: { lt: 500 } } }) { items { id } } }"},
    {"{ listNotes(filter: { compare: { pin: { gt: grade } } }) { items { id } } }"},
    {"{ listNotes(filter: { compare: { secret: { gt: title } } }) { items { id } } }"},
    {"{ listNotes(filter: { compare: { title: { lt: secret } } }) { items { id } } }"},
    {"query Q($f: ModelNoteFilterInput = { secret: { gt: \"M\" } }) { listNotes(filter: $f) { items { id } } "
     "}"},
    {"{ listNotes(orderBy: [{ secret: ASC }]) { items { id } nextToken } }"},
    {"{ listNotes(orderBy: [{ pin: DESC }], limit: 1) { items { id } nextToken } }"},
    {"{ listNotes(orderBy: [{ grade: DESC }]) { items { id } } }"},
    {"{ listNotes(orderBy: [{ grade: ASC }], limit: 1, offset: 1) { items { id } nextToken } }"},
    // Aggregates
    {"{ aggregateNotes { count } }"},
    {"{ aggregateNotes { count max { title grade body } min { title grade } sum { grade } avg { grade } } }"},
    {"{ aggregateNotes { countDistinct { title owner tenant } } }"},
    {"{ aggregateNotes(groupBy: [{ field: tenant }]) { group { tenant } count } }"},
    {"{ aggregateNotes(groupBy: [{ field: title }]) { group { title } max { grade } } }"},
    {"{ aggregateNotes(groupBy: [{ field: status }], having: { count: { gt: 1 } }) { group { status } count "
     "} }"},
    {"{ aggregateNotes(groupBy: [{ field: status }], orderBy: [{ sum: { grade: DESC } }], limit: 1) "
     "{ group { status } } }"},
    {"{ aggregateNotes(filter: { id: { ge: 3 } }) { count max { title } } }"},
    {"{ aggregateNotes { max { pin } } }"},
    {"{ aggregateNotes { min { secret } max { secret } } }"},
    {"{ aggregateNotes { countDistinct { pin } } }"},
    {"{ aggregateNotes { countDistinct { secret } } }"},
    {"{ aggregateNotes { sum { pin } } }"},
    {"{ aggregateNotes(groupBy: [{ field: pin }]) { count } }"},
    {"{ aggregateNotes(groupBy: [{ field: secret }]) { group { secret } count } }"},
    {"{ aggregateNotes(groupBy: [{ field: status }], having: { max: { pin: { gt: 100 } } }) { count } }"},
    {"{ aggregateNotes(groupBy: [{ field: status }], having: { max: { secret: { gt: \"M\" } } }) { count } "
     "}"},
    {"{ aggregateNotes(groupBy: [{ field: status }], orderBy: [{ max: { pin: ASC } }]) { group { status } } "
     "}"},
    {"{ listNotes { aggregate { count max { title grade } } groups(groupBy: [{ field: owner }]) "
     "{ group { owner } count } } }"},
    // By way of models that are open
    {"{ getFolder(id: 2) { title notes { items { id title body } totalCount } } }"},
    {"{ listFolders { items { id notes { items { id title pin secret } totalCount nextToken } } } }"},
    {"{ listFolders { items { id notes(limit: 1) { items { id } nextToken } } } }"},
    {"{ listFolders { items { id notes { totalCount } } } }"},
    {"{ listFolders { items { id notes { aggregate { count max { title grade } sum { grade } } } } } }"},
    {"{ listFolders { items { notes { groups(groupBy: [{ field: title }]) { group { title } count } } } } }"},
    {"{ listFolders { items { notes(filter: { id: { ge: 3 } }) { items { title } totalCount } } } }"},
    {"{ listFolders { items { notes(orderBy: [{ pin: ASC }]) { items { id } } } } }"},
    {"{ listFolders { items { notes(filter: { secret: { gt: \"M\" } }) { items { id } } } } }"},
    {"{ listFolders { items { notes { aggregate { max { pin } } } } } }"},
    {"{ listFolders { items { notes { items { folder { notes { items { title } totalCount } } } } } } }"},
    {"{ listTags { items { name notes { items { id title } totalCount } } } }"},
    {"{ listTags { items { name notes(limit: 1) { items { id } nextToken } } } }"},
    {"{ listTags { items { name notes { aggregate { count max { grade } } } } } }"},
    {"{ listTags { items { name notes { items { tags { items { notes { items { id title } } } } } } } } }"},
    {"{ getTag(id: 3) { notes { items { title } totalCount } } }"},
    {"{ listTags { items { notes(filter: { pin: { gt: 1 } }) { items { id } } } } }"},
    {"{ listRemarks { items { id note { id title body pin secret } } } }", Attack::Aim::values},
    {"{ getRemark(id: 2) { text note { id title } } }", Attack::Aim::values},
    {"{ getRemark(id: 2) { note { folder { title notes { items { title } } } tags { items { name } } } } }",
     Attack::Aim::values},
    {"{ listNotes { items { remarks { items { text } } tags { items { name } } folder { title } } } }"},
    // Filters and orders that follow relations
    {"{ listFolders(filter: { notes: { some: { title: { beginsWith: \"SEC\" } } } }) { items { id } } }"},
    {"{ listFolders(filter: { notes: { some: { id: { ge: 3 } } } }) { items { id } totalCount } }"},
    {"{ listFolders(filter: { notes: { none: {} } }) { items { id } } }"},
    {"{ listFolders(filter: { notes: { every: { owner: { eq: \"s1::ada\" } } } }) { items { id } } }"},
    {"{ listFolders(filter: { not: { notes: { some: {} } } }) { items { id } totalCount } }"},
    {"{ listFolders(filter: { notes: { some: { secret: { gt: \"M\" } } } }) { items { id } } }"},
    {"{ listFolders(filter: { notes: { some: { pin: { gt: 500 } } } }) { items { id } } }"},
    {"{ listFolders(filter: { notes: { some: { remarks: { some: { text: { eq: \"r2\" } } } } } }) { items { "
     "id } } }"},
    {"{ listTags(filter: { notes: { some: { grade: { gt: 500 } } } }) { items { name } } }"},
    {"{ listTags(filter: { notes: { some: {} } }) { items { name } totalCount } }"},
    {"{ listTags(filter: { notes: { none: {} } }) { items { name } } }"},
    {"{ listTags(filter: { notes: { every: { tenant: { eq: \"t1\" } } } }) { items { name } } }"},
    {"{ listTags(filter: { notes: { some: { folder: { title: { eq: \"second\" } } } } }) { items { name } } "
     "}"},
    {"{ listRemarks(filter: { note: { title: { beginsWith: \"SEC\" } } }) { items { id } totalCount } }"},
    {"{ listRemarks(filter: { note: {} }) { items { id } } }"},
    {"{ listRemarks(filter: { not: { note: {} } }) { items { id } } }"},
    {"{ listRemarks(filter: { note: { pin: { gt: 1 } } }) { items { id } } }"},
    {"{ listRemarks(filter: { note: { secret: { attributeExists: true } } }) { items { id } } }"},
    {"{ listRemarks(orderBy: [{ note: { title: ASC } }]) { items { id } nextToken } }"},
    {"{ listRemarks(orderBy: [{ note: { grade: DESC } }], limit: 1) { items { id } nextToken } }"},
    {"{ listRemarks(orderBy: [{ note: { pin: DESC } }]) { items { id } } }"},
    {"{ listRemarks(orderBy: [{ note: { secret: DESC } }]) { items { id } } }"},
    {"{ listRemarks(orderBy: [{ note: { folder: { title: ASC } } }]) { items { id } } }"},
    {"{ aggregateRemarks(filter: { note: { grade: { gt: 500 } } }) { count } }"},
    {"{ aggregateFolders(filter: { notes: { some: { id: { eq: 4 } } } }) { count max { title } } }"},
    // A model of which nothing may be known
    {"{ listVaults { items { id content } totalCount } }"},
    {"{ getVault(id: 1) { content } }"},
    {"{ aggregateVaults { count max { content } } }"},
};

// Each is run on the rows as attack_rows() made them.
inline constexpr Attack writing_attacks[] = {
    // Rows of others, by key
    {"mutation { updateNote(input: { id: 3, body: \"x\" }) { id title body } }"},
    {"mutation { updateNote(input: { id: 9999, body: \"x\" }) { id title body } }"},
    {"mutation { updateNote(input: { id: 4, title: \"x\" }) { id } }"},
    {"mutation { updateNote(input: { id: 3 }) { id title } }"},
    {"mutation { updateNote(input: { id: 5, owner: \"s1::ada\", team: \"red\", tenant: \"t1\" }) { id title "
     "} }"},
    {"mutation { updateNote(input: { id: 3 }, increment: { grade: 1 }) { grade } }"},
    {"mutation { deleteNote(input: { id: 3 }) { id title } }"},
    {"mutation { deleteNote(input: { id: 9999 }) { id title } }"},
    {"mutation { a: deleteNote(input: { id: 4 }) { id } b: deleteNote(input: { id: 5 }) { id } }"},
    {"mutation @transaction { a: updateNote(input: { id: 1, body: \"y\" }) { id } "
     "b: updateNote(input: { id: 3, body: \"x\" }) { id } }"},
    // Conditions as questions
    {"mutation { updateNote(input: { id: 3, body: \"x\" }, condition: { title: { beginsWith: \"SEC\" } }) { "
     "id } }"},
    {"mutation { updateNote(input: { id: 1, body: \"x\" }, condition: { secret: { gt: \"M\" } }) { id } }"},
    {"mutation { updateNote(input: { id: 2, body: \"x\" }, condition: { pin: { gt: 500 } }) { id } }"},
    {"mutation { deleteNote(input: { id: 2 }, condition: { pin: { gt: 500 } }) { id } }"},
    {"mutation { deleteNote(input: { id: 4 }, condition: { grade: { gt: 500 } }) { id } }"},
    {"mutation { updateNote(input: { id: 1, body: \"x\" }, condition: { folder: { notes: { some: "
     "{ grade: { gt: 500 } } } } }) { id } }"},
    {"mutation { updateFolder(input: { id: 2, title: \"x\" }, condition: { notes: { some: { id: { eq: 4 } } "
     "} }) "
     "{ id title } }"},
    {"mutation { updateTag(input: { id: 3, name: \"x\" }, condition: { notes: { none: {} } }) { id name } }"},
    // Hidden columns of one's own rows
    {"mutation { updateNote(input: { id: 2, pin: 1 }) { id pin } }"},
    {"mutation { updateNote(input: { id: 2 }, increment: { pin: 1 }) { id pin } }"},
    {"mutation { updateNote(input: { id: 2 }, multiply: { pin: 2 }) { id } }"},
    {"mutation { updateNote(input: { id: 2, body: \"x\" }) { id body pin secret } }"},
    {"mutation { updateNote(input: { id: 1, secret: \"set\" }) { id secret } }"},
    {"mutation { deleteNote(input: { id: 2 }) { id pin secret title } }"},
    {"mutation { deleteNote(input: { id: 1 }) { id secret } }"},
    // Out of what is one's own
    {"mutation { updateNote(input: { id: 1, owner: \"s2::bob\", team: \"green\", tenant: \"t2\" }) { id } }"},
    {"mutation { updateNote(input: { id: 1, title: \"gone\", grade: 987000 }) { id title } }"},
    {"mutation { updateNote(input: { id: 1, folder_id: 2 }) { id folder_id } }"},
    {"mutation { createNote(input: { id: 50, status: \"open\", title: \"mine 50\", grade: 10, owner: "
     "\"s2::bob\", "
     "team: \"green\", tenant: \"t2\" }) { id title } }"},
    {"mutation { createNote(input: { id: 51, status: \"open\", title: \"not so\", grade: 11, folder_id: 2, "
     "owner: \"s1::ada\", team: \"red\", tenant: \"t1\" }) { id title pin } }"},
    {"mutation { createNotes(input: [{ id: 52, status: \"open\", title: \"mine 52\", grade: 10, owner: "
     "\"s1::ada\", team: \"red\", tenant: \"t1\", folder_id: 1 }, { id: 53, status: \"open\", title: \"mine "
     "53\", "
     "grade: 10, owner: \"s2::bob\", team: \"green\", tenant: \"t2\" }]) { affectedCount items { id } } }"},
    // Many at once, and how many
    {"mutation { updateNotes(filter: { id: { ge: 3 } }, input: { body: \"x\" }) { affectedCount items { id } "
     "} }"},
    {"mutation { updateNotes(filter: {}, input: { body: \"x\" }, all: true) { affectedCount } }"},
    {"mutation { updateNotes(filter: {}, input: {}, increment: { grade: 1 }, all: true) { affectedCount } }"},
    {"mutation { updateNotes(filter: { grade: { gt: 500 } }, input: { body: \"x\" }) { affectedCount } }"},
    {"mutation { updateNotes(filter: { pin: { gt: 500 } }, input: { body: \"x\" }) { affectedCount } }"},
    {"mutation { updateNotes(filter: { secret: { gt: \"M\" } }, input: { body: \"x\" }) { affectedCount } }"},
    {"mutation { updateNotes(filter: { id: { ge: 1 } }, input: { pin: null }) { affectedCount } }"},
    {"mutation { updateNotes(filter: { folder: { title: { eq: \"second\" } } }, input: { body: \"x\" }) "
     "{ affectedCount } }"},
    {"mutation { deleteNotes(filter: {}, all: true) { affectedCount items { id title } } }"},
    {"mutation { deleteNotes(filter: { id: { ge: 3 } }) { affectedCount items { id title } } }"},
    {"mutation { deleteNotes(filter: { pin: { gt: 500 } }) { affectedCount } }"},
    {"mutation { deleteNotes(filter: { tags: { some: { name: { eq: \"three\" } } } }) { affectedCount } }"},
    {"mutation { updateFolders(filter: { notes: { some: { grade: { gt: 500 } } } }, input: { title: \"x\" }) "
     "{ affectedCount } }"},
    {"mutation { deleteRemarks(filter: { note: { grade: { gt: 500 } } }) { affectedCount } }"},
    {"mutation { deleteTags(filter: { notes: { some: { title: { beginsWith: \"SEC\" } } } }) { affectedCount "
     "} }"},
    // Upserts
    {"mutation { upsertNote(input: { id: 3, status: \"open\", title: \"mine 3\", grade: 10 }) { id title "
     "body } }",
     Attack::Aim::values},
    {"mutation { upsertNote(input: { id: 3, status: \"open\", title: \"mine 3\", grade: 10, owner: "
     "\"s1::ada\", "
     "team: \"red\", tenant: \"t1\", folder_id: 1 }, update: {}) { id title body pin } }",
     Attack::Aim::values},
    {"mutation { upsertNote(input: { id: 60, status: \"open\", title: \"SECRET 4\", grade: 10, owner: "
     "\"s1::ada\", "
     "team: \"red\", tenant: \"t1\" }, onConflict: title) { id } }",
     Attack::Aim::guess},
    {"mutation { upsertNote(input: { id: 61, status: \"open\", title: \"mine 61\", pin: 987652 }, "
     "onConflict: pin) "
     "{ id } }"},
    {"mutation { upsertNote(input: { id: 4, status: \"open\", title: \"mine 4\" }, increment: { grade: 1 }) "
     "{ id grade } }",
     Attack::Aim::values},
    {"mutation { upsertNote(input: { id: 3, status: \"open\", title: \"mine 3\", remarks: { create: "
     "[{ id: 90, text: \"x\" }] } }) { id title remarks { items { text } } } }",
     Attack::Aim::values},
    {"mutation { upsertNote(input: { id: 3, status: \"open\", title: \"mine 3\", folder: "
     "{ connect: { id: 2 } } }, update: {}) { id title folder { title notes { items { title } } } } }",
     Attack::Aim::values},
    {"mutation { upsertNote(input: { id: 1, status: \"open\", title: \"mine 1\", tags: "
     "{ connect: [{ id: 3 }] } }) { id tags { items { name notes { items { id title } } } } } }",
     Attack::Aim::values},
    // Taken keys: the database tells that they are, not what is there
    {"mutation { createNote(input: { id: 3, status: \"open\", title: \"mine 3\", grade: 10, owner: "
     "\"s1::ada\", "
     "team: \"red\", tenant: \"t1\", folder_id: 1 }) { id title body } }",
     Attack::Aim::values},
    {"mutation { createNotes(input: [{ id: 3, status: \"open\", title: \"mine 3\", grade: 10, owner: "
     "\"s1::ada\", "
     "team: \"red\", tenant: \"t1\", folder_id: 1 }], skipDuplicates: true) { affectedCount items { id title "
     "} } }",
     Attack::Aim::values},
    {"mutation { updateNote(input: { id: 1, secret: \"x\", folder_id: 77 }) { id } }"},
    // Nested writes, by way of models that are open
    {"mutation { updateFolder(input: { id: 1, notes: { connect: [{ id: 4 }] } }) { id notes { items { id "
     "title } } } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { connect: [{ id: 9999 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { connect: [{ pin: 987652 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { connect: [{ id: 2, pin: 987652 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 2, notes: { disconnect: [{ id: 4 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 2, notes: { delete: [{ id: 4 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 2, notes: { set: [] } }) { id notes { totalCount } } }"},
    {"mutation { updateFolder(input: { id: 2, notes: { set: [{ id: 3 }] } }) { id } }"},
    {"mutation { updateFolder(input: { id: 2, notes: { update: [{ where: { id: 4 }, data: { body: \"x\" } }] "
     "} }) { id } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { update: [{ where: { id: 2 }, data: { pin: 1 } }] } }) "
     "{ id } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { connectOrCreate: [{ where: { title: \"mine 70\" }, "
     "create: { "
     "id: 70, status: \"open\", title: \"mine 70\", owner: \"s2::bob\", team: \"green\", tenant: \"t2\" } }] "
     "} }) "
     "{ id } }"},
    {"mutation { updateFolder(input: { id: 1, notes: { connectOrCreate: [{ where: { id: 4 }, create: { id: "
     "4, "
     "status: \"open\", title: \"mine 4\", owner: \"s1::ada\", team: \"red\", tenant: \"t1\" } }] } }) { id "
     "} }",
     Attack::Aim::values},
    {"mutation { createFolder(input: { id: 9, owner: \"s1::ada\", title: \"t\", notes: { connect: [{ id: 3 "
     "}, "
     "{ id: 4 }] } }) { id notes { items { title } } } }"},
    {"mutation { createFolder(input: { id: 9, owner: \"s1::ada\", title: \"t\", notes: { create: [{ id: 71, "
     "status: "
     "\"open\", title: \"no\", owner: \"s2::bob\", team: \"green\", tenant: \"t2\", grade: 999 }] } }) { id "
     "} }"},
    {"mutation { updateTag(input: { id: 3, notes: { set: [] } }) { id } }"},
    {"mutation { updateTag(input: { id: 3, notes: { disconnect: [{ id: 4 }] } }) { id notes { totalCount } } "
     "}"},
    {"mutation { updateTag(input: { id: 2, notes: { connect: [{ id: 4 }] } }) { id notes { items { title } } "
     "} }"},
    {"mutation { updateTag(input: { id: 3, notes: { delete: [{ id: 5 }] } }) { id } }"},
    {"mutation { updateTag(input: { id: 3, notes: { update: [{ where: { id: 5 }, data: { body: \"x\" } }] } "
     "}) { id } }"},
    {"mutation { updateTag(input: { id: 1, notes: { connect: [{ title: \"SECRET 4\" }] } }) { id } }"},
    {"mutation { updateRemark(input: { id: 1, note: { connect: { id: 3 } } }) { id note { title } } }"},
    {"mutation { updateRemark(input: { id: 1, note: { connect: { id: 2, pin: 987652 } } }) { id } }"},
    {"mutation { updateRemark(input: { id: 1, note: { connect: { title: \"SECRET 3\" } } }) { id } }"},
    {"mutation { updateRemark(input: { id: 2, note: { update: { body: \"x\" } } }) { id note { title } } }",
     Attack::Aim::values},
    {"mutation { updateRemark(input: { id: 2, note: { delete: true } }) { id } }", Attack::Aim::values},
    {"mutation { createRemark(input: { id: 9, text: \"t\", note: { connect: { id: 4 } } }) { id note { title "
     "} } }"},
    {"mutation { createRemark(input: { id: 9, text: \"t\", note_id: 4 }) { id note { title body } } }",
     Attack::Aim::values},
    {"mutation { updateNote(input: { id: 1, folder: { connect: { id: 2 } } }) { id folder { notes { items { "
     "title } "
     "totalCount } } } }"},
    {"mutation { updateNote(input: { id: 4, tags: { connect: [{ id: 1 }] } }) { id } }"},
    {"mutation { updateNote(input: { id: 4, remarks: { create: [{ id: 9, text: \"t\" }] } }) { id } }"},
    {"mutation { updateNote(input: { id: 3, folder: { update: { title: \"x\" } } }) { id } }"},
    // What comes back
    {"mutation { updateFolder(input: { id: 2, title: \"x\" }) { id notes { items { title pin } totalCount } "
     "} }"},
    {"mutation { updateTag(input: { id: 3, name: \"x\" }) { notes { aggregate { count max { title } } } } }"},
    {"mutation { updateRemark(input: { id: 2, text: \"x\" }) { text note { title secret } } }",
     Attack::Aim::values},
    {"mutation { createNote(input: { id: 80, status: \"open\", title: \"mine 80\", grade: 10, owner: "
     "\"s1::ada\", "
     "team: \"red\", tenant: \"t1\", folder_id: 1 }) { id title secret pin folder { notes { items { title } "
     "} } } }"},
    // A model of which nothing may be known
    {"mutation { createVault(input: { id: 2, content: \"x\" }) { id } }"},
    {"mutation { updateVault(input: { id: 1, content: \"x\" }) { id content } }"},
    {"mutation { deleteVault(input: { id: 1 }) { id content } }"},
    {"mutation { deleteVaults(filter: {}, all: true) { affectedCount } }"},
    {"mutation { upsertVault(input: { id: 1, content: \"x\" }) { id content } }"},
};

}  // namespace tenon::api
