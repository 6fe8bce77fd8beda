#include "psl/check/connector.h"

#include <gtest/gtest.h>

namespace tenon::psl {
namespace {

TEST(Connector, EveryProviderHasItsRow) {
  for (const Provider provider : {Provider::unknown, Provider::postgresql, Provider::mysql, Provider::sqlite,
                                  Provider::sqlserver, Provider::cockroachdb, Provider::mongodb}) {
    const Connector& connector = connector_of(provider);
    EXPECT_EQ(connector.provider, provider);
    EXPECT_FALSE(connector.relation_modes.empty());
    if (provider != Provider::unknown) EXPECT_EQ(find_connector(connector.word), &connector);
  }
  EXPECT_EQ(find_connector("postgres"), &connector_of(Provider::postgresql));
  EXPECT_EQ(find_connector(""), nullptr);
  EXPECT_EQ(find_connector("MySQL"), nullptr);
}

TEST(Connector, ActionsDependOnTheRelationMode) {
  using catalog::ReferentialAction;
  const Connector& postgresql = connector_of(Provider::postgresql);
  EXPECT_TRUE(postgresql.allows(RelationMode::foreign_keys, ReferentialAction::no_action));
  EXPECT_FALSE(postgresql.allows(RelationMode::prisma, ReferentialAction::no_action));
  EXPECT_TRUE(connector_of(Provider::mysql).allows(RelationMode::prisma, ReferentialAction::no_action));
  EXPECT_FALSE(
      connector_of(Provider::sqlserver).allows(RelationMode::foreign_keys, ReferentialAction::restrict));
}

}  // namespace
}  // namespace tenon::psl
