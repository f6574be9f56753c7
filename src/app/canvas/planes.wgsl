struct Facts {
    start: vec4<f32>,
    across_down: vec4<f32>,
    chroma: vec4<f32>,
    luma: vec4<f32>,    // black, grey, luma's factor
    factors: vec4<f32>, // red from V, green from U, green from V, blue from U
    tone: vec4<f32>,    // exponent, spread
}

@group(0) @binding(0) var<uniform> facts: Facts;
@group(0) @binding(1) var luma_plane: texture_2d<f32>;
@group(0) @binding(2) var u_plane: texture_2d<f32>;
@group(0) @binding(3) var v_plane: texture_2d<f32>;
@group(0) @binding(4) var between: sampler;

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) at: vec2<f32>,
}

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    return Corner(vec4<f32>(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0), at);
}

fn colour(at: vec2<f32>) -> vec3<f32> {
    let place = facts.start.xy + at.x * facts.across_down.xy + at.y * facts.across_down.zw;
    let chroma_place = place * facts.chroma.xy + facts.chroma.zw;
    let luma = facts.luma.z * (textureSample(luma_plane, between, place).r - facts.luma.x);
    let u = textureSample(u_plane, between, chroma_place).r - facts.luma.y;
    let v = textureSample(v_plane, between, chroma_place).r - facts.luma.y;
    let red = luma + facts.factors.x * v;
    let green = luma + facts.factors.y * u + facts.factors.z * v;
    let blue = luma + facts.factors.w * u;
    let bright = pow(clamp(vec3<f32>(red, green, blue), vec3<f32>(0.0), vec3<f32>(1.0)), vec3<f32>(facts.tone.x));
    return clamp((bright - 0.5) * facts.tone.y + 0.5, vec3<f32>(0.0), vec3<f32>(1.0));
}

@fragment
fn plain(corner: Corner) -> @location(0) vec4<f32> {
    return vec4<f32>(colour(corner.at), 1.0);
}

// For a window whose memory is linear in light: it is turned back when it is shown.
@fragment
fn linear(corner: Corner) -> @location(0) vec4<f32> {
    let shown = colour(corner.at);
    let dark = shown / 12.92;
    let light = pow((shown + 0.055) / 1.055, vec3<f32>(2.4));
    return vec4<f32>(select(light, dark, shown < vec3<f32>(0.04045)), 1.0);
}
