
import http from 'k6/http';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { SharedArray } from 'k6/data';
import { Counter, Rate } from 'k6/metrics';

// DATA

if (!__ENV.BASE_URL) {
  throw new Error('Say which site to send the load to: k6 run -e BASE_URL=https://… FILE');
}
const BASE_URL = __ENV.BASE_URL.replace(/\/+$/, '');
const SECONDS = Number(__ENV.SECONDS || BURST_S);
if (!(SECONDS > 0)) {
  throw new Error(`SECONDS is a number of seconds, not ${__ENV.SECONDS}`);
}
const FLOW_NAMES = Object.keys(FLOWS).filter((name) => name === SLI_FLOW || __ENV.BESIDE !== 'off');
const NOT_CUT_SHORT_S = 5; // more than a journey that has given up needs to come to its end

// Enough visitors while the objectives are met: those who are in time, and all that may be bad.
function scenario(flow) {
  const journeys = Math.ceil((flow.rate / flow.period_s) * SECONDS);
  const visitors = Math.min(journeys + 1, flow.visitors + Math.ceil(flow.bad_share * journeys));
  return {
    executor: 'constant-arrival-rate',
    rate: flow.rate,
    timeUnit: `${flow.period_s}s`,
    duration: `${SECONDS}s`,
    preAllocatedVUs: visitors,
    maxVUs: visitors,
    gracefulStop: `${Math.ceil(DRAIN_S) + NOT_CUT_SHORT_S}s`,
  };
}

function thresholds() {
  const all = { dropped_iterations: ['count==0'], sli_events: ['count>0'] };
  for (const objective of OBJECTIVES) {
    all[objective.metric] = [`rate>=${objective.target}`];
  }
  return all;
}

export const options = {
  scenarios: Object.fromEntries(FLOW_NAMES.map((name) => [name, scenario(FLOWS[name])])),
  thresholds: thresholds(),
  maxRedirects: 0,
  setupTimeout: '120s',
};

http.setResponseCallback(null); // which status is right depends on the step

const events = new Counter('sli_events');
const wrong = new Counter('sli_events_failed'); // whatever their time
const ratios = OBJECTIVES.map((objective) => new Rate(objective.metric));

export function setup() {
  const sessions = {};
  for (const [name, step] of Object.entries(LOG_INS)) {
    const response = send(step, {}, 60000);
    const cookie = (response.cookies[COOKIE] || [])[0];
    if (!cookie) {
      throw new Error(`${step.path} answered ${response.status} and no cookie ${COOKIE}: ${step.body}`);
    }
    sessions[name] = cookie.value;
  }
  return sessions;
}

export default function (sessions) {
  const flow = exec.scenario.name;
  const journeys = JOURNEYS[flow];
  const number = exec.scenario.iterationInTest;
  const ends = exec.scenario.startTime + (SECONDS + DRAIN_S) * 1000;
  const once = `t${exec.scenario.startTime.toString(36)}n${number}`;
  const spent_ms = play(journeys[number % journeys.length], { ...sessions, once }, ends);
  if (flow !== SLI_FLOW) {
    return;
  }
  events.add(1);
  wrong.add(spent_ms === null ? 1 : 0);
  OBJECTIVES.forEach((objective, place) => {
    ratios[place].add(spent_ms !== null && spent_ms <= objective.within_ms);
  });
}

// The sum of the answers' times in ms, without the pauses; null if a step failed or came too late.
function play(steps, values, ends) {
  let spent_ms = 0;
  for (const step of steps) {
    sleep(step.think_s || 0);
    const left_ms = ends - Date.now();
    if (left_ms <= 0) {
      return null;
    }
    const sent = Date.now();
    const response = send(step, values, left_ms);
    spent_ms += Date.now() - sent;
    if (!isRight(step, response) || !captured(step, response, values)) {
      return null;
    }
  }
  return spent_ms;
}

function send(step, values, timeout) {
  const headers = { ...HEADERS };
  for (const [name, value] of Object.entries(step.headers || {})) {
    headers[name.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase())] = filled(value, values, String);
  }
  const path = filled(step.path, values, encodeURIComponent);
  const quoted = /^\s*[{[]/.test(step.body || '') ? quotedInJson : encodeURIComponent;
  const body = step.body ? filled(step.body, values, quoted) : null;
  const tags = { name: step.name };
  return http.request(step.method, BASE_URL + path, body, { headers, timeout, tags });
}

function filled(text, values, quoted) {
  return text.replace(/\{\{([^{}]+)\}\}/g, (place, name) =>
    name in values ? quoted(values[name]) : place);
}

function quotedInJson(value) {
  return JSON.stringify(value).slice(1, -1);
}

function isRight(step, response) {
  const { status } = response;
  if (step.accepts ? !step.accepts.includes(status) : !(status > 0 && status < 400)) {
    return false;
  }
  const body = (step.texts && response.body) || '';
  return (step.texts || []).every((forms) => forms.some((text) => body.includes(text)));
}

function captured(step, response, values) {
  for (const [name, path] of Object.entries(step.capture || {})) {
    let value;
    try {
      value = response.json(path);
    } catch (error) {
      return false; // no JSON at all
    }
    if (value === undefined) {
      return false;
    }
    values[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return true;
}
