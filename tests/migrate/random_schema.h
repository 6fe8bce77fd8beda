// Random schemas and random changes of them, as schema text; the same seed gives the same text.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::test {

struct RandomField {
  std::string name;
  std::string column;    // of @map; empty: the name
  std::size_t type = 0;  // position in the engine's table of types
  bool optional = false;
  bool list = false;
  bool unique = false;
  std::size_t default_value = 0;  // 0: none, else one of the type's
};

struct RandomRelation {
  std::size_t number = 0;
  std::size_t to = 0;  // number of a model
  bool optional = false;
  bool many_to_many = false;
  std::size_t action = 0;
};

struct RandomModel {
  std::size_t number = 0;
  std::string table;  // of @@map; empty: the name
  std::size_t key = 0;
  std::vector<RandomField> fields;
  std::vector<std::string> indexes;  // names of two fields, `a, b`
  bool unique_indexes = false;
  std::vector<RandomRelation> relations;
};

struct RandomSchema {
  catalog::Engine engine = catalog::Engine::postgresql;
  std::vector<std::vector<std::string>> enums;
  std::vector<RandomModel> models;

  std::string text() const;
};

class SchemaDice {
 public:
  SchemaDice(catalog::Engine engine, std::uint64_t seed) : engine_(engine), random_(seed) {}

  RandomSchema schema();
  // The same with some of everything changed, added and gone.
  RandomSchema changed(const RandomSchema& schema);

 private:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::vector<std::string> values();
  RandomField field(std::size_t number);
  RandomModel model(std::size_t number);
  void change(RandomModel& model);
  void relate(RandomSchema& schema);

  catalog::Engine engine_;
  std::mt19937_64 random_;
};

}  // namespace tenon::test
