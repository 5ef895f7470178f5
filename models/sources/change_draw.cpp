#include "models/sources/change_draw.hpp"

#include <algorithm>

#include "world/content.hpp"

namespace rehearse::models {

ChangeDraw::ChangeDraw(const std::string& source, const ChangeConfig& config,
                       const std::string& name, const Streams& streams, const world::World& world)
    : config_(config),
      world_(world),
      pick_(streams.named(name + "/pick")),
      content_(streams.named(name + "/content")) {
  operation_.source = source;
  operation_.type = config.type;
  operation_.op = config.op;
  for (const RefChoice& ref : config.refs) zipfs_.emplace_back(ref.exponent);
}

const world::Operation* ChangeDraw::draw(std::uint64_t& next) {
  if (config_.op == world::Op::create) {
    return &draw_for(world::generated_id(config_.type, next++));
  }
  const std::size_t population = world_.count(config_.type);
  if (population == 0) return nullptr;
  const std::size_t k = pick_.below(population);
  const world::Slot entity = world_.slot_at(config_.type, k);
  look_ahead(population);
  draw_for(world_.id_of(entity));
  operation_.entity = entity;
  return &operation_;
}

// What the stream will say for the next two draws, as far as the population stays as it is.
void ChangeDraw::look_ahead(std::size_t population) const {
  stats::Stream pick = pick_;
  const world::Slot next = world_.slot_at(config_.type, pick.below(population));
  world_.expect(next, world_.slot_at(config_.type, pick.below(population)));
}

const world::Operation& ChangeDraw::draw_for(std::string_view id) {
  operation_.id = id;
  operation_.entity = world::kNoSlot;
  if (config_.op != world::Op::remove) draw_content();
  return operation_;
}

void ChangeDraw::draw_content() {
  for (const FieldChoice& field : config_.fields) {
    operation_.fields[field.attribute] = field.values[content_.below(field.values.size())];
  }
  for (std::size_t i = 0; i < config_.refs.size(); ++i) {
    const RefChoice& ref = config_.refs[i];
    const std::size_t population = world_.count(ref.type);
    const std::size_t wanted = std::min(ref.count, population);
    std::vector<std::string>& targets = operation_.refs[ref.attribute];
    targets.clear();
    for (const std::size_t place : ref.zipf ? zipfs_[i].draw_different(content_, population, wanted)
                                            : stats::draw_different(content_, population, wanted)) {
      targets.push_back(world_.id_at(ref.type, place));
    }
  }
}

}  // namespace rehearse::models
