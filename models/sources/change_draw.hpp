// Draws what a random change does: to which entity, with which field values and references.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/host/streams.hpp"
#include "models/sources/change_config.hpp"
#include "stats/zipf.hpp"
#include "world/world.hpp"

namespace rehearse::models {

class ChangeDraw {
 public:
  /// Streams: NAME/pick for entities, NAME/content for values and references. REQUIRES: `config`
  /// and `world` outlive this.
  ChangeDraw(const std::string& source, const ChangeConfig& config, const std::string& name,
             const Streams& streams, const world::World& world);

  /// The change of a new entity, whose id takes the number `next`, or of one that exists, each as
  /// likely; nullptr when there is none. Valid until the next call.
  const world::Operation* draw(std::uint64_t& next);
  /// The change of this entity.
  const world::Operation& draw_for(std::string_view id);

 private:
  void look_ahead(std::size_t population) const;
  void draw_content();

  const ChangeConfig& config_;
  const world::World& world_;
  stats::Stream pick_;
  stats::Stream content_;
  std::vector<stats::Zipf> zipfs_;  // by place in config_.refs
  world::Operation operation_;
};

}  // namespace rehearse::models
