#include "sim/links.hpp"

#include <algorithm>
#include <cassert>
#include <simgrid/s4u.hpp>
#include <utility>

#include "sim/simgrid_calendar.hpp"

namespace rehearse::sim {
namespace {

namespace sg4 = simgrid::s4u;

using Route = std::vector<sg4::LinkInRoute>;

}  // namespace

struct Links::State {
  /// A communication under way, found again through the activity's data.
  struct Flow {
    State* owner = nullptr;
    sg4::CommPtr communication;
    Action arrived;
  };

  explicit State(SimGridCalendar& owner) : calendar(owner) {}

  Flow* take_flow();
  void completed(Flow* flow);
  void arrive(Flow* flow);
  static void listen();

  SimGridCalendar& calendar;
  std::vector<std::pair<sg4::Link*, sg4::Link*>> links;  ///< there, back
  std::vector<sg4::Host*> far_ends;                      ///< of each path
  std::vector<std::unique_ptr<Flow>> flows;
  std::vector<Flow*> spare;
  std::size_t in_flight = 0;
  bool dropped = false;  ///< flows that end from now on are nobody's
};

// SimGrid has one completion signal per process, so this is connected once.
void Links::State::listen() {
  static const bool connected = [] {
    sg4::Activity::on_completion_cb([](const sg4::Activity& activity) {
      Flow* flow = activity.get_data<Flow>();
      if (flow != nullptr) flow->owner->completed(flow);
    });
    return true;
  }();
  static_cast<void>(connected);
}

Links::State::Flow* Links::State::take_flow() {
  if (spare.empty()) {
    flows.push_back(std::make_unique<Flow>());
    flows.back()->owner = this;
    spare.push_back(flows.back().get());
  }
  Flow* flow = spare.back();
  spare.pop_back();
  return flow;
}

// SimGrid is still using the activity here, so the pointer goes in the calendar event (letting it
// go in the callback frees memory that SimGrid 3.32 reads afterwards).
void Links::State::completed(Flow* flow) {
  if (dropped) return;
  calendar.arrive([this, flow] { arrive(flow); });
}

void Links::State::arrive(Flow* flow) {
  assert(in_flight > 0);
  flow->communication = nullptr;
  Action arrived = std::move(flow->arrived);
  spare.push_back(flow);
  --in_flight;
  arrived();
}

Links::Links(SimGridCalendar& calendar) : state_(std::make_unique<State>(calendar)) {
  State::listen();
}

Links::~Links() {
  drop_all();
  for (auto& flow : state_->flows) flow->communication = nullptr;
}

Links::Link Links::add_link(const std::string& name, Duration latency, double bytes_per_second) {
  assert(latency >= Duration{} && bytes_per_second > 0);
  sg4::NetZone& platform = state_->calendar.engine_.platform();
  const auto direction = [&](const char* suffix) {
    return platform.create_link(name + suffix, bytes_per_second)
        ->set_latency(latency.to_seconds())
        ->seal();
  };
  sg4::Link* there = direction(":there");
  sg4::Link* back = direction(":back");
  state_->links.emplace_back(there, back);
  return {state_->links.size() - 1};
}

Links::Path Links::add_path(const std::vector<Link>& links) {
  assert(!links.empty());
  sg4::NetZone& platform = state_->calendar.engine_.platform();
  sg4::Host* near = sg4::Host::by_name("service");
  sg4::Host* far = platform.create_host("end:" + std::to_string(state_->far_ends.size()), 1e9);
  Route there;
  Route back;
  for (const Link link : links) {
    assert(link.index < state_->links.size());
    there.emplace_back(state_->links[link.index].first);
    back.emplace_back(state_->links[link.index].second);
  }
  std::reverse(back.begin(), back.end());
  platform.add_route(near->get_netpoint(), far->get_netpoint(), nullptr, nullptr, there, false);
  platform.add_route(far->get_netpoint(), near->get_netpoint(), nullptr, nullptr, back, false);
  state_->far_ends.push_back(far);
  return {state_->far_ends.size() - 1};
}

void Links::send(Path path, Direction direction, std::uint64_t bytes, Action arrived) {
  assert(path.index < state_->far_ends.size() && arrived);
  State::Flow* flow = state_->take_flow();
  ++state_->in_flight;
  flow->arrived = std::move(arrived);
  sg4::Host* near = sg4::Host::by_name("service");
  sg4::Host* far = state_->far_ends[path.index];
  const bool out = direction == Direction::there;
  flow->communication = sg4::Comm::sendto_init();
  flow->communication->set_data(flow);
  flow->communication->set_payload_size(std::max<std::uint64_t>(bytes, 1));
  flow->communication->set_source(out ? near : far);
  flow->communication->set_destination(out ? far : near);
}

std::size_t Links::in_flight() const { return state_->in_flight; }

void Links::drop_all() {
  state_->dropped = true;
  for (auto& flow : state_->flows) {
    if (flow->communication) flow->communication->cancel();
  }
}

}  // namespace rehearse::sim
