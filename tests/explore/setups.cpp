#include "setups.hpp"

#include "mds/embedded.hpp"

namespace rehearse::test {
namespace {

config::Node shipped_rule_file() {
  for (const mds::EmbeddedFile& file : mds::embedded_files()) {
    if (file.path == "rules/default.json") return config::parse(file.text, file.path);
  }
  return {};
}

}  // namespace

explore::Setup explore_setup(const std::string& text) {
  const config::Node node = config::parse(text, "test");
  config::Object object(node);
  explore::Setup setup;
  setup.name = "test";
  setup.cold = object.choice("bootstrap", "hydrated", {"hydrated", "cold"}) == "cold";
  std::vector<std::string> names;
  std::vector<world::SourceContent> contents;
  for (const auto& [name, section] : object.require("sources").members) {
    names.push_back(name);
    setup.shapes.push_back(*world::shipped_shape(name));
    config::Object source(section);
    contents.push_back(world::parse_content(source, setup.shapes.back()));
    source.done();
    setup.contents.push_back({contents.back().source, contents.back().entities, {}, {}});
  }
  setup.script = world::timeline(setup.shapes, std::move(contents));
  const config::Node empty = config::parse("{}", "test");
  const config::Node* mds = object.find("mds");
  setup.service = mds::parse_service_config(mds != nullptr ? *mds : empty, names);
  setup.service.store.index = false;
  setup.rules = shipped_rule_file();
  if (const config::Node* questions = object.find("questions")) {
    for (const config::Node& item : questions->items) {
      config::Object question(item);
      question.find("every");
      setup.questions.push_back({config::to_string(question.require("ask")),
                                 config::to_string(question.require("entity"))});
      question.done();
    }
  }
  if (const config::Node* partitions = object.find("partitions")) {
    setup.buses = {{"main", static_cast<std::size_t>(config::to_integer(*partitions, 1, 100))}};
    setup.bus_of.assign(names.size(), 0);
  }
  const config::Node* section = object.find("explore");
  setup.settings = explore::parse_settings(section != nullptr ? *section : empty);
  object.done();
  return setup;
}

explore::Setup worked_example(const std::string& explore, const std::string& mds) {
  return explore_setup(R"({
  "sources": {
    "experimentation": { "script": [
      { "at": "1s", "op": "create", "type": "ABTest", "id": "12345", "fields": { "name": "v5 vs v4" },
        "cells": [ { "cell_number": 1, "name": "control" }, { "cell_number": 2, "name": "v5" } ] } ] },
    "pipeline-orchestrator": { "script": [
      { "at": "2s", "op": "create", "type": "Pipeline", "id": "trainer", "fields": { "name": "trainer" } },
      { "at": "3s", "op": "create", "type": "PipelineRun", "id": "run", "fields": { "state": "RUNNING" },
        "refs": { "pipeline": "trainer", "ab_test_cells": ["12345:2"] } },
      { "at": "4s", "op": "update", "type": "PipelineRun", "id": "run", "fields": { "state": "DONE" } } ] },
    "model-registry": { "script": [
      { "at": "5s", "op": "create", "type": "ModelInstance", "id": "v5", "fields": { "name": "v5" },
        "refs": { "pipeline_run": "run" } },
      { "at": "6s", "op": "update", "type": "ModelInstance", "id": "v5", "fields": { "name": "v5a" } } ] }
  },
  "mds": )" + mds + R"(, "explore": )" +
                       explore + "}");
}

}  // namespace rehearse::test
