#include "base/english.h"

#include <sstream>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

// Names and what the npm package pluralize 8.0.0 makes of them.
constexpr std::string_view pairs = R"(
order_line order_lines, OrderLine OrderLines, order_person order_people, user_child user_children
address addresses, Address Addresses, status statuses, bus buses, box boxes, fox foxes, tax taxes
church churches, dish dishes, kiss kisses, quiz quizzes, buzz buzzes, city cities, boy boys
day days, key keys, money monies, honey honeys, monkey monkeys, trolley trolleys, journey journeys
story stories, wife wives, knife knives, life lives, leaf leaves, loaf loaves, wolf wolves
shelf shelves, half halves, roof roofs, hoof hooves, chief chiefs, proof proofs, elf elves
scarf scarves, dwarf dwarves, hero heroes, potato potatoes, tomato tomatoes, photo photos
piano pianos, veto vetos, zero zeros, echo echoes, cargo cargos, axis axes, basis bases
crisis crises, analysis analyses, thesis theses, testis testes, oasis oases, iris irises
phenomenon phenomena, criterion criteria, automaton automata, datum data, medium mediums
bacterium bacteria, stratum strata, curriculum curricula, forum forums, museum museums
stadium stadiums, symposium symposia, alumnus alumni, alumna alumnae, cactus cacti, focus foci
radius radii, nucleus nuclei, virus viri, campus campuses, bonus bonuses, fungus fungi
stimulus stimuli, terminus termini, locus loci, octopus octopuses, corpus corpuses, alga algae
vertebra vertebrae, larva larvas, formula formulas, antenna antennas, schema schemata
stigma stigmata, matrix matrices, vertex vertices, index indices, appendix appendices, codex codices
murex murices, suffix suffixes, prefix prefixes, mouse mice, louse lice, titmouse titmice
house_mouse house_mouses, blouse blouses, house houses, grouse grouses, man men, woman women
human humans, german germen, fireman firemen, policeman policemen, person people, people people
salesperson salespeople, children children, grandchild grandchildren, sheep sheep, fish fish
catfish catfish, deer deer, reindeer reindeer, species species, series series, news news, data data
metadata metadata, gas gases, alias aliases, atlas atlases, canvas canvas, bias bias, lens lens
plus pluses, emu emus, menu menus, venue venues, Japanese Japanese, Chinese Chinese, cheese cheeses
geese geese, chinese chinese, pokemon pokemon, smallpox smallpox, ox oxen, measles measles
audio audio, radio radios, video videos, studio studios, id ids, ID IDS, UserID UserIDS, API APIS
url urls, URL URLS, v2 v2s, table_2 table_2s, _private _privates, s s, ss sses, S S, sS sses
Person People, PERSON PEOPLE, personX personXES, OrderItem OrderItems, order_items order_items
orderItem orderItems, OrderStatus OrderStatuses, ORDER_STATUS ORDER_STATUSES, Category Categories
CATEGORY CATEGORIES, CategoRY CategoRIES, product_category product_categories, inventory inventories
delivery deliveries, company companies, Country Countries, currency currencies, Supply Supplies
Survey Surveys, Turkey Turkeys, soliloquy soliloquies, colloquy colloquies, quay quays, guy guys
enemy enemies, eaux eaux, plateau plateaus, bureau bureaus, bureaux bureaux, thou you, this these
that those, you you, I WE, me us, he they, she they, it its, they they, them them, is are, was were
has have, have have, tooth teeth, foot feet, goose geese, golf_tooth golf_tooths
golf_foot golf_foots, passerby passersby, pickaxe pickaxes, axe axes, die dice, dice dice
human_being human_beings, cherub cherubim, seraph seraphim, cherubim cherubim, ovum ova
quorum quora, agenda agenda, agendas agendas, addendum addenda, millennium millennia, erratum errata
desideratum desiderata, candelabrum candelabra, extremum extrema, aphelion aphelia
polyhedron polyhedra, organon organa, noumenon noumena, Thief Thieves, carve carves, groove grooves
valve valves, eave eaves, looey looies, stomata stomata, stoma stomata, dogma dogmata, lemma lemmata
genus genera, viscus viscera, torpedo torpedoes, tornado tornadoes, volcano volcanoes, dingo dingoes
mango mangos, tango tangos, buffalo buffalo, motto mottos, ghetto ghettos, logo logos, memo memos
ego egos, embargo embargos, yes yeses, no nos, maybe maybes, all_types all_types
All_types All_types, customer_address customer_addresses, shop_orders shop_orders
invoice_tax invoice_taxes, tax_class tax_classes, class classes, glass glasses, pass passes
process processes, Process Processes, bypass bypasses, access accesses, business businesses
Business Businesses, witness witnesses, headquarters headquarters, staff staff, equipment equipment
luggage luggages, furniture furnitures, software software, hardware hardware, firmware firmware
music music, traffic traffic, weather weathers, gnu gnus, tofu tofus, guru gurus, bayou bayous
caribou caribous, tiramisu tiramisus, tam tams, exam exams, pram prams, dream dreams, team teams
item items, system systems, diploma diplomas, comma commas, gamma gammas, drama dramas
plasma plasmas, lasso lassos, piazza piazzas, pizza pizzas, waltz waltzs, fez fezs, topaz topazs
fizz fizzes, blitz blitzs, hertz hertzs, stomach stomaches, monarch monarches, epoch epoches
loch loches, patriarch patriarches, batch batches, post posts, comment comments, author authors
event events, note notes, seat seats, profile profiles, todo todos, user users, account accounts
invoice invoices, payment payments, refund refunds, shipment shipments, warehouse warehouses
store stores, employee employees, department departments, project projects, task tasks
ticket tickets, label labels, tag tags, branch branches, commit commits, release releases
pipeline pipelines, job jobs, queue queues, message messages, attachment attachments, file files
folder folders, image images, channel channels, subscriber subscribers, subscription subscriptions
plan plans, price prices, discount discounts, coupon coupons, cart carts, wishlist wishlists
review reviews, rating ratings, question questions, answer answers, survey_response survey_responses
poll polls, vote votes, district districts, county counties, province provinces, zip_code zip_codes
tax_rate tax_rates, exchange_rate exchange_rates, ledger ledgers, entry entries
journal_entry journal_entries, balance balances, transaction_history transaction_histories
session sessions, token tokens, permission permissions, role roles, policy policies, rule rules
audit_log audit_logs, activity activities, notification notifications, device devices
sensor sensors, measurement measurements, reading readings, alarm alarms, schedule schedules
shift shifts, leave leaves, holiday holidays, calendar calendars, appointment appointments
patient patients, doctor doctors, nurse nurses, clinic clinics, prescription prescriptions
dose doses, allergy allergies, diagnosis diagnoses, lab_result lab_results, course courses
lesson lessons, grade grades, student students, teacher teachers, classroom classrooms
faculty faculties, university universities, library libraries, book books, publisher publishers
edition editions, genre genres, chapter chapters, page pages, bookmark bookmarks, quote quotes
recipe recipes, ingredient ingredients, nutrient nutrients, vehicle vehicles, driver drivers
route routes, stop stops, bus_stop bus_stops, trip trips, fare fares, passenger passengers
flight flights, aircraft aircraft, airport airports, gate gates, runway runways, crew crews
hotel hotels, room rooms, reservation reservations, guest guests, menu_item menu_items
dish_type dish_types, delivery_address delivery_addresses, supplier suppliers
purchase_order purchase_orders, stock stocks, lot lots, expiry expiries
serial_number serial_numbers, part parts, bill_of_materials bill_of_materials, machine machines
maintenance maintenances, failure_mode failure_modes, inspection inspections, defect defects
)";

TEST(English, PluralsAreThoseOfThePackage) {
  std::string text(pairs);
  for (char& c : text)
    if (c == ',') c = ' ';
  std::istringstream words(text);
  std::string singular, expected;
  int count = 0;
  while (words >> singular >> expected) {
    EXPECT_EQ(plural(singular), expected) << "of " << singular;
    ++count;
  }
  EXPECT_GT(count, 400);
}

TEST(English, NothingHasNoPlural) { EXPECT_EQ(plural(""), ""); }

TEST(English, NamesBeyondAsciiStay) { EXPECT_EQ(plural("caf\xc3\xa9"), "caf\xc3\xa9"); }

}  // namespace
}  // namespace tenon::base
