#include "models/change_draw.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

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
  for (const RefChoice& ref : config_.refs) {
    std::vector<std::string>& targets = operation_.refs[ref.attribute];
    targets.clear();
    const std::size_t population = world_.count(ref.type);
    const std::size_t wanted = std::min(ref.count, population);
    // Repeated targets are drawn again; a population of which half is wanted makes that rare
    // enough.
    if (2 * wanted > population) {
      for (std::size_t k = 0; k < wanted; ++k) targets.push_back(world_.id_at(ref.type, k));
      continue;
    }
    while (targets.size() < wanted) {
      std::string target = draw_target(ref, population);
      if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
        targets.push_back(std::move(target));
      }
    }
  }
}

std::string ChangeDraw::draw_target(const RefChoice& choice, std::size_t population) {
  assert(population > 0);
  std::size_t k = 0;
  if (choice.zipf) {
    const double rank = std::pow(static_cast<double>(population + 1), content_.uniform());
    k = std::min(static_cast<std::size_t>(rank) - 1, population - 1);
  } else {
    k = content_.below(population);
  }
  return world_.id_at(choice.type, k);
}

}  // namespace rehearse::models
