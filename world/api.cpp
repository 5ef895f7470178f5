// What the sources' APIs say: which entity a path means, listings in pages, errors.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text/json_text.hpp"
#include "world/state.hpp"
#include "world/uri.hpp"

namespace rehearse::world {
namespace {

ApiAnswer refusal(int status, std::string_view message) {
  ApiAnswer answer;
  answer.status = status;
  answer.body = "{\"error\":";
  append_json(answer.body, message);
  answer.body += '}';
  return answer;
}

struct Query {
  std::size_t limit = 0;  // 0: none asked for
  std::optional<std::string> cursor;
};

std::optional<std::size_t> to_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return count;
}

std::optional<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) return std::nullopt;
    const auto value = percent_decode(pair.substr(equals + 1));
    if (!value) return std::nullopt;
    if (pair.substr(0, equals) == "limit") {
      const auto limit = to_count(*value);
      if (!limit || *limit == 0) return std::nullopt;
      query.limit = *limit;
    } else if (pair.substr(0, equals) == "cursor") {
      query.cursor = *value;
    } else {
      return std::nullopt;
    }
  }
  return query;
}

/// Walks the ids of a type that exist at a time, in order.
class Walk {
 public:
  Walk(const WorldState& state, std::size_t type, Time at)
      : state_(state), list_(*state.lists[type]), at_(at) {
    const SourceState& source = state.sources[state.layout->types()[type].source];
    in_the_past_ = source.history && at < source.changed_at;
    position_ = order().begin();
  }

  void skip_to_after(std::string_view id) { position_ = order().after(id); }
  void skip(std::size_t count) {
    if (!in_the_past_) {
      position_ = order().at(count);
    } else {
      while (count-- > 0 && next() != nullptr) {
      }
    }
  }
  const Identity* next() {
    while (const Identity* entity = order().next(position_)) {
      if (!in_the_past_ || state_.version_at(entity->slot(), at_) != nullptr) return entity;
    }
    return nullptr;
  }

 private:
  const OrderedIds& order() const { return in_the_past_ ? list_.ever : list_.ordered; }

  const WorldState& state_;
  const TypeLists& list_;
  Time at_;
  bool in_the_past_ = false;
  OrderedIds::Position position_;
};

/// Items go into `lost` instead of the answer, where it is given.
ApiAnswer list(const WorldState& state, std::size_t type, const Query& query, Time at,
               std::vector<std::string>* lost) {
  const TypeLayout& shape = state.layout->types()[type];
  const Listing& listing = state.sources[shape.source].listing;
  const std::size_t limit =
      query.limit == 0 ? listing.page_size : std::min(query.limit, listing.page_size);
  Walk walk(state, type, at);
  std::size_t offset = 0;
  if (query.cursor && listing.paging == Paging::cursor) {
    walk.skip_to_after(*query.cursor);
  } else if (query.cursor) {
    const auto position = to_count(*query.cursor);
    if (!position) return refusal(400, "bad cursor");
    offset = *position;
    walk.skip(offset);
  }
  ApiAnswer answer;
  answer.body = "{\"items\":[";
  const Identity* last = nullptr;
  const Identity* entity = walk.next();
  for (std::size_t given = 0; entity != nullptr && given < limit; entity = walk.next(), ++given) {
    last = entity;
    if (lost != nullptr) {
      lost->push_back(make_uri(shape.shape.component, shape.platform, entity->id()));
      continue;
    }
    answer.body += given == 0 ? "{\"id\":" : ",{\"id\":";
    append_json(answer.body, entity->id());
    answer.body += '}';
  }
  answer.body += ']';
  if (entity != nullptr && last != nullptr) {
    answer.body += ",\"next_cursor\":";
    const std::string next =
        listing.paging == Paging::cursor ? std::string(last->id()) : std::to_string(offset + limit);
    append_json(answer.body, next);
  }
  answer.body += '}';
  return answer;
}

ApiAnswer read(const WorldState& state, std::size_t type, std::string_view encoded_id, Time at) {
  const auto id = percent_decode(encoded_id);
  if (!id || id->empty() || encoded_id.find('/') != encoded_id.npos) {
    return refusal(400, "bad id");
  }
  const Slot slot = state.lookup(type, *id);
  const Version* version = nullptr;
  if (slot != kNoSlot && state.entity(slot).type == type) version = state.version_at(slot, at);
  if (version == nullptr) {
    ApiAnswer answer = refusal(404, "not found");
    const TypeLayout& shape = state.layout->types()[type];
    answer.uri = make_uri(shape.shape.component, shape.platform, *id);
    return answer;
  }
  ApiAnswer answer;
  answer.uri = state.entity(slot).identity->uri();
  answer.version = version->number;
  answer.body = state.payload(slot, *version);
  return answer;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

}  // namespace

const Version* WorldState::version_at(Slot slot, Time at) const {
  const Entity& read = entity(slot);
  if (!read.now) return nullptr;
  const Version* version = read.now.get();
  const std::size_t source = layout->types()[read.type].source;
  if (sources[source].history && version->changed_at > at) {
    version = nullptr;
    const auto found = past->find(slot);
    if (found == past->end()) return nullptr;
    for (auto old = found->second.rbegin(); old != found->second.rend(); ++old) {
      if ((*old)->changed_at <= at) {
        version = old->get();
        break;
      }
    }
  }
  return version != nullptr && version->exists ? version : nullptr;
}

namespace {

ApiAnswer answer(const WorldState& state, std::size_t source, std::string_view path, Time read_at,
                 std::vector<std::string>* lost) {
  const std::size_t question = path.find('?');
  const std::string_view place = path.substr(0, question);
  const std::string_view query_text =
      question == path.npos ? std::string_view() : path.substr(question + 1);
  const std::vector<TypeLayout>& types = state.layout->types();
  for (std::size_t i = 0; i < types.size(); ++i) {
    const TypeLayout& type = types[i];
    if (type.source != source || type.shape.path.empty()) continue;
    if (!type.shape.list_path.empty() && place == type.shape.list_path) {
      const auto query = parse_query(query_text);
      return query ? list(state, i, *query, read_at, lost) : refusal(400, "bad query");
    }
    if (question == path.npos && starts_with(place, type.path_prefix) &&
        place.size() > type.path_prefix.size() + type.path_suffix.size() &&
        ends_with(place, type.path_suffix)) {
      const std::string_view id = place.substr(type.path_prefix.size());
      return read(state, i, id.substr(0, id.size() - type.path_suffix.size()), read_at);
    }
  }
  return refusal(400, "unknown path");
}

}  // namespace

ApiAnswer World::get(std::size_t source, std::string_view path, Time read_at) const {
  return answer(*state_, source, path, std::max(read_at, Time{0}), nullptr);
}

ApiAnswer World::get_without_items(std::size_t source, std::string_view path, Time read_at,
                                   std::vector<std::string>& lost) const {
  return answer(*state_, source, path, std::max(read_at, Time{0}), &lost);
}

}  // namespace rehearse::world
